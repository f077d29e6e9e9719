{#
    Probability that a customer still buys, by BG/NBD: an expression over a history (frequency,
    recency, age, in the model's unit of time) and the model's r, alpha, a and b.
    Reference: orchestration/value/beta_geometric.py.
#}
{% macro beta_geometric_alive(history, model) -%}
    case
        when {{ history }}.frequency = 0 then 1.0
        else 1 / (
            1 + {{ model }}.a / ({{ model }}.b + {{ history }}.frequency - 1)
            * exp(({{ model }}.r + {{ history }}.frequency) * ln(
                ({{ model }}.alpha + {{ history }}.age)
                / ({{ model }}.alpha + {{ history }}.recency)
            ))
        )
    end
{%- endmacro %}

{#
    Expected purchases of customers who still buy: the columns of `histories`, and `ahead` and
    `purchases` for every time ahead.

    `histories`: relation with model, frequency and age; `models`: relation with model, r, alpha, a
    and b; `horizons`: relation with model and ahead, in the model's unit of time.
#}
{% macro beta_geometric_purchases(histories, models, horizons) -%}
    {%- set placed = '(' ~ beta_geometric_placed(histories, models, horizons) ~ ')' -%}
    {{ beta_geometric_read(placed, '(' ~ beta_geometric_curves(placed, models) ~ ')') }}
{%- endmacro %}

{# The same where the curves are there already. #}
{% macro beta_geometric_read(placed, curves) -%}
    select
        placed.*,
        placed.relative * ({{ curve_value('curves', 'placed.v_offset') }}) as purchases,
    from {{ placed }} as placed
    inner join {{ curves }} as curves
        on
            placed.model = curves.model
            and placed.frequency = curves.frequency
            and placed.v_place = curves.place
{%- endmacro %}

{#
    Histories with `relative`, z = ahead / (alpha + age), and where they stand on the curves of
    their frequency. These go along v = ln(1 + z), over which expected purchases over z are smooth:
    singular only at |Im v| = pi and beyond, and falling no faster than by the larger of a and r
    times the chance of stopping, which a place's width heeds.
#}
{% macro beta_geometric_placed(histories, models, horizons) -%}
    select
        *,
        {{ curve_place('(ln(1 + relative) / stride)', 'v') }},
    from (
        select
            histories.*,
            scales.ahead,
            scales.stride,
            scales.ahead / (scales.alpha + histories.age) as relative,
        from {{ histories }} as histories
        inner join (
            select
                horizons.model,
                horizons.ahead,
                models.alpha,
                {{ beta_geometric_stride('models') }} as stride,
            from {{ horizons }} as horizons
            inner join {{ models }} as models on horizons.model = models.model
        ) as scales
            on histories.model = scales.model
    ) as relatives
{%- endmacro %}

{# How far a place goes along v. #}
{% macro beta_geometric_stride(model) -%}
    (1 / (3.5 + 1.5 * greatest({{ model }}.a, {{ model }}.r * ({{ model }}.a + 1)
        / ({{ model }}.a + {{ model }}.b + 1))))
{%- endmacro %}

{#
    The curves of a model where they are asked for. Expected purchases are the average of
    (1 - (1 + p z)^-(r + x)) / p over what is known of p.
#}
{% macro beta_geometric_curves(placed, models) -%}
    {%- set asked -%}
    select
        places.model,
        places.frequency,
        places.place,
        models.a,
        models.b + places.frequency as b,
        {{ beta_geometric_stride('models') }} as stride,
        models.r + places.frequency as power,
    from (select distinct model, frequency, v_place as place from {{ placed }} as placed) as places
    inner join {{ models }} as models on places.model = models.model
    {%- endset -%}
    {{ beta_curves(asked, '-(' ~ exp_less_one('fall_#') ~ ') / p / relative_#') }}
{%- endmacro %}
