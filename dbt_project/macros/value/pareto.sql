{#
    Probability that a customer has not left, by Pareto/NBD: columns of `histories`, and `alive`.

    Having left since the last purchase weighs, beside having stayed, R h(recency) - h(age), where
    R = ((alpha + age) / (alpha + recency))^(r + x) ((beta + age) / (beta + recency))^s, and h(y) is
    what leaving at any time after y weighs beside staying until y: s / (r + s + x) times an average
    of (1 + z) (1 + p z)^-(s + 1), or of (1 + p z)^-(r + x) where alpha is below beta. 1 + z is the
    larger of alpha + y and beta + y over the smaller, p is beta-distributed with 1 and r + s + x.
    As h is below 1, no digits are lost in the difference.

    `histories`: relation with model, frequency, recency and age; `models`: relation with model, r,
    alpha, s and beta; times in one unit. Reference: orchestration/value/pareto.py, which adds up
    over the time of leaving instead.
#}
{% macro pareto_alive(histories, models) -%}
    {%- set placed = '(' ~ pareto_placed(histories, models) ~ ')' -%}
    with

    curves as (
        {{ pareto_curves(placed, models) }}
    )

    {{ pareto_read(placed, 'curves') }}
{%- endmacro %}

{# The same where the curves are there already. #}
{% macro pareto_read(placed, curves) -%}
    select
        placed.*,
        1 / (
            1 + exp(placed.waited) * ({{ curve_value('from_last', 'placed.last_offset') }})
            - ({{ curve_value('from_now', 'placed.now_offset') }})
        ) as alive,
    from {{ placed }} as placed
    {%- for end in ['last', 'now'] %}
    inner join {{ curves }} as from_{{ end }}
        on
            placed.model = from_{{ end }}.model
            and placed.frequency = from_{{ end }}.frequency
            and placed.{{ end }}_place = from_{{ end }}.place
    {%- endfor %}
{%- endmacro %}

{#
    Histories with the logarithm of R as `waited`, and where the last purchase and today stand on
    the curves of their frequency. These go along ln(1 + z), over which h is smooth: singular only
    at an imaginary part of pi and beyond, and falling no faster than 1 + z.
#}
{% macro pareto_placed(histories, models) -%}
    select
        *,
        (shape + frequency) * (now_alpha - last_alpha) + s * (now_beta - last_beta) as waited,
        {{ curve_place('(abs(last_alpha - last_beta) / ' ~ pareto_stride() ~ ')', 'last') }},
        {{ curve_place('(abs(now_alpha - now_beta) / ' ~ pareto_stride() ~ ')', 'now') }},
    from (
        select
            histories.*,
            models.r as shape,
            models.s,
            ln(models.alpha + histories.recency) as last_alpha,
            ln(models.beta + histories.recency) as last_beta,
            ln(models.alpha + histories.age) as now_alpha,
            ln(models.beta + histories.age) as now_beta,
        from {{ histories }} as histories
        inner join {{ models }} as models on histories.model = models.model
    ) as logarithms
{%- endmacro %}

{# How far a place goes along ln(1 + z). #}
{% macro pareto_stride() -%}0.2{%- endmacro %}

{# The curves of a model where they are asked for. #}
{% macro pareto_curves(placed, models) -%}
    {%- set asked -%}
    select
        places.model,
        places.frequency,
        places.place,
        1 as a,
        models.r + models.s + places.frequency as b,
        {{ pareto_stride() }} as stride,
        models.s / (models.r + models.s + places.frequency) as scale,
        case
            when models.alpha < models.beta then models.r + places.frequency else models.s + 1
        end as power,
        case when models.alpha < models.beta then 0 else 1 end as lifted,
    from (
        select model, frequency, last_place as place from {{ placed }} as placed
        union
        select model, frequency, now_place from {{ placed }} as placed
    ) as places
    inner join {{ models }} as models on places.model = models.model
    {%- endset -%}
    {{ beta_curves(asked, 'scale * (1 + lifted * relative_#) * exp(fall_#)') }}
{%- endmacro %}

{#
    Expected purchases within `ahead` of a customer who has not left: an expression over a history
    (frequency, age) and the model's r, alpha, s and beta.
#}
{% macro pareto_purchases(history, model, ahead) -%}
    {#- At s = 1 it has a limit, from which it is no further than its digits this near. -#}
    {%- set slowing -%}
    case when abs(1 - {{ model }}.s) < 1e-12 then 1e-12 else 1 - {{ model }}.s end
    {%- endset -%}
    {%- set stretched -%}
    {{ log_one_plus('(' ~ ahead ~ ' / (' ~ model ~ '.beta + ' ~ history ~ '.age))') }}
    {%- endset -%}
    ({{ model }}.r + {{ history }}.frequency) / ({{ model }}.alpha + {{ history }}.age)
    * ({{ model }}.beta + {{ history }}.age)
    * {{ exp_less_one('(' ~ slowing ~ ') * ' ~ stretched) }} / ({{ slowing }})
{%- endmacro %}
