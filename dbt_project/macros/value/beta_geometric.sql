{#
    Probability that a customer still buys, by BG/NBD: an expression over a history (frequency,
    recency, age, in the model's unit of time) and the model's r, alpha, a and b.
    Reference: orchestration/value/beta_geometric.py.
#}
{% macro beta_geometric_alive(history, model) -%}
    {%- set stopped -%}
    ln({{ model }}.a / ({{ model }}.b + greatest({{ history }}.frequency, 1) - 1))
    + ({{ model }}.r + {{ history }}.frequency)
    * ln(({{ model }}.alpha + {{ history }}.age) / ({{ model }}.alpha + {{ history }}.recency))
    {%- endset -%}
    case
        when {{ history }}.frequency = 0 then 1.0
        else exp({{ log_share('(-(' ~ stopped ~ '))') }})
    end
{%- endmacro %}

{#
    Expected purchases of customers who still buy: one row per model, frequency, age and time ahead.
    The same for all customers of one frequency and age, so that these are asked for once.

    `histories`: relation with model, frequency and age, distinct; `models`: relation with model, r,
    alpha, a and b; `horizons`: relation with model and ahead, in the model's unit of time.
#}
{% macro beta_geometric_purchases(histories, models, horizons) -%}
    with

    frequencies as (
        select distinct
            histories.model,
            histories.frequency,
        from {{ histories }} as histories
    ),

    betas as (
        select
            frequencies.model,
            frequencies.frequency,
            models.a,
            models.b + frequencies.frequency as b,
        from frequencies
        inner join {{ models }} as models on frequencies.model = models.model
    ),

    nodes as (
        {{ beta_nodes('betas', 'model, frequency') }}
    ),

    asked as (
        select
            histories.model,
            histories.frequency,
            histories.age,
            horizons.ahead,
            models.r + histories.frequency as shape,
            horizons.ahead / (models.alpha + histories.age) as relative,
        from {{ histories }} as histories
        inner join {{ models }} as models on histories.model = models.model
        inner join {{ horizons }} as horizons on histories.model = horizons.model
    )

    select
        asked.model,
        asked.frequency,
        asked.age,
        asked.ahead,
        {%- set kept = exp_less_one(
            '(-asked.shape * (' ~ log_one_plus('(nodes.p * asked.relative)') ~ '))'
        ) %}
        cast(sum({{ exact('nodes.weight * -(' ~ kept ~ ') / nodes.p') }}) as double) as purchases,
    from asked
    inner join nodes on asked.model = nodes.model and asked.frequency = nodes.frequency
    group by asked.model, asked.frequency, asked.age, asked.ahead
{%- endmacro %}
