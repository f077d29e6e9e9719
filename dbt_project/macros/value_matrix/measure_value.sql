{#
    What the value matrix is measured by, per customer and month; null where it is not measured:
    somebody without a relationship or an open account, and what the bank does not deliver of
    anybody.
    `facts`, `trail`: relations like fct_customer_month and fct_customer_trail; `so_far`: like
    int_value_so_far; `months`: like build_months(); `terms`: like value_terms().
#}
{% macro measure_value(facts, trail, so_far, months, terms) -%}
    {%- set totals = value_total_types() -%}
    with

    value_population as (
        {{ judged_population(facts, trail, months) }}
    ),

    -- The totals of the months judged, and of those where their windows begin.
    now_known as (
        select so_far.*
        from {{ so_far }} as so_far
        inner join {{ months }} as months on so_far.month = months.month
    ),

    known_before as (
        select * from {{ so_far }} as earlier
        where earlier.month in (select starts.since from {{ terms }} as starts)
    ),

    -- What nobody has, the bank does not deliver: that says nothing of anybody.
    delivered as (
        select
            month,
            {% for name in totals -%}
            max(total_{{ name }}) > 0 as has_{{ name }},
            {% endfor -%}
        from now_known
        group by month
    ),

    of_customers as (
        select
            population.customer_key,
            population.month,
            population.judged_on,
            population.is_closed,
            facts.loan_outstanding as loans_outstanding,
            {{ divide_money(
                '(' ~ balance_days(deposit_classes()) ~ ')', 'facts.days_judged', scale=2
            ) }} as average_deposits,
            {{ divide_money(
                '(' ~ balance_days(asset_classes()) ~ ')', 'facts.days_judged', scale=2
            ) }} as average_assets,
            facts.products_held,
            facts.classes_held,
            coalesce(facts.in_population or facts.accounts_open > 0, false) as is_customer,
        from value_population as population
        left join {{ facts }} as facts
            on
                population.customer_key = facts.customer_key
                and population.month = facts.month
    )

    select
        of_customers.customer_key,
        of_customers.month,
        of_customers.judged_on,
        of_customers.is_closed,
        {% for name in totals -%}
        cast(
            case when of_customers.is_customer and delivered.has_{{ name }}
                then now_known.total_{{ name }} - coalesce(known_before.total_{{ name }}, 0)
            end as decimal(28, 2)
        ) as {{ name }},
        {% endfor -%}
        {% for name in [
            'loans_outstanding', 'average_deposits', 'average_assets', 'products_held', 'classes_held',
        ] -%}
        cast(
            case when of_customers.is_customer then of_customers.{{ name }} end as decimal(28, 2)
        ) as {{ name }},
        {% endfor -%}
    from of_customers
    inner join {{ terms }} as terms on of_customers.month = terms.month
    inner join delivered on of_customers.month = delivered.month
    inner join now_known
        on
            of_customers.customer_key = now_known.customer_key
            and of_customers.month = now_known.month
    left join known_before
        on
            of_customers.customer_key = known_before.customer_key
            and terms.since = known_before.month
{%- endmacro %}
