{{ config(materialized='table') }}

-- An item of an earlier month counts in the month that learned of it, so that every one counts once
-- and closed months stay as known.
{% set items = {
    'stg_income_items': income_components(),
    'stg_cost_items': cost_components(),
} -%}
with

months as (
    {{ build_months() }}
),

learned as (
    {% for model in items -%}
    {{ 'union all' if not loop.first }}
    select
        items.customer_key,
        months.month,
        items.component,
        case when items.version_sign < 0 then -items.amount else items.amount end as amount,
    from {{ ref(model) }} as items
    inner join months on items.known_on >= months.month and items.known_on < months.period_end
    where items.known_on >= {{ window_month() }}
    {% endfor %}
)

select
    customer_key,
    month,
    {% for components in items.values() -%}
    {% for component in components -%}
    cast(
        sum(case when component = '{{ component }}' then amount else 0 end) as decimal(28, 2)
    ) as {{ component }},
    {% endfor -%}
    {% endfor -%}
from learned
group by customer_key, month
