{#
    Purchases to come of customers who still buy, a row per fit, frequency and age: `discounted` and
    plain over the horizon, and over the months of a test. Asked once for all customers alike.

    A horizon has parts of equal length, each discounted as its middle, paid at a month's end. Models
    say what comes up to a part's end, so that every end counts by how much the discount falls there.
    `histories`, `fits`: relations with `model`, a fit, and `purchase_model`.
    Reference: orchestration/forward/formula.py.
#}
{% macro purchase_counts(histories, fits) -%}
    {%- set parts = 4 -%}
    {%- set days_a_month = 365.2425 / 12 -%}
    with

    ends as (
        {% for part in range(1, parts + 1) -%}
        select
            model,
            horizon_months * {{ part }} / cast({{ parts }} as double) * {{ days_a_month }} as ahead,
            power(discount, horizon_months * {{ part - 0.5 }} / {{ parts }} + 0.5)
            {%- if part < parts %}
            - power(discount, horizon_months * {{ part + 0.5 }} / {{ parts }} + 0.5)
            {%- endif %} as discounted,
            {{ 1 if part == parts else 0 }} as far_count,
            0 as near_count,
        from {{ fits }}
        union all
        {% endfor -%}
        select
            model,
            test_months * cast({{ parts }} as double) / {{ parts }} * {{ days_a_month }} as ahead,
            0 as discounted,
            0 as far_count,
            1 as near_count,
        from {{ fits }}
    ),

    steps as (
        select distinct
            model,
            ahead,
        from ends
    ),

    of_one_age as (
        select distinct
            model,
            purchase_model,
            frequency,
            age,
        from {{ histories }}
    ),

    beta_geometric as (
        select * from of_one_age where purchase_model = 'beta_geometric'
    ),

    purchases as (
        select
            model,
            frequency,
            age,
            ahead,
            purchases,
        from (
            {{ beta_geometric_purchases('beta_geometric', fits, 'steps') }}
        ) as expected
        union all
        select
            of_one_age.model,
            of_one_age.frequency,
            of_one_age.age,
            steps.ahead,
            {{ pareto_purchases('of_one_age', 'models', 'steps.ahead') }} as purchases,
        from of_one_age
        inner join {{ fits }} as models on of_one_age.model = models.model
        inner join steps on of_one_age.model = steps.model
        where of_one_age.purchase_model = 'pareto'
    )

    select
        purchases.model,
        purchases.frequency,
        purchases.age,
        {% for name in ['discounted', 'far_count', 'near_count'] -%}
        cast(sum({{ exact('purchases.purchases * ends.' ~ name) }}) as double) as {{ name }},
        {% endfor -%}
    from purchases
    inner join ends on purchases.model = ends.model and purchases.ahead = ends.ahead
    group by purchases.model, purchases.frequency, purchases.age
{%- endmacro %}

{# Histories that a kind of model is asked about, each once. #}
{% macro histories_of(kind, histories) -%}
    select distinct
        histories.model,
        histories.frequency,
        histories.recency,
        histories.age,
    from {{ histories }} as histories
    where histories.purchase_model = '{{ kind }}'
{%- endmacro %}
