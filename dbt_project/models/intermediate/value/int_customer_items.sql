{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- An item of an earlier month counts in the month that learned of it, so that every one counts once
-- and closed months stay as known.
with

months as (
    {{ build_months() }}
),

items as (
    {% for model in ['stg_income_items', 'stg_cost_items'] -%}
    {{ 'union all' if not loop.first }}
    select
        customer_key,
        known_on,
        component,
        amount,
        version_sign,
    from {{ ref(model) }}
    where known_on >= {{ window_month() }}
    {% endfor -%}
),

learned as (
    select
        items.customer_key,
        months.month,
        items.component,
        case when items.version_sign < 0 then -items.amount else items.amount end as amount,
    from items
    inner join months on items.known_on >= months.month and items.known_on < months.period_end
)

select
    customer_key,
    month,
    {% for component in income_components() + cost_components() -%}
    {% set amount = "case when component = '" ~ component ~ "' then amount else 0 end" -%}
    cast(sum({{ amount }}) as decimal(28, 2)) as {{ component }},
    {% endfor -%}
from learned
group by customer_key, month
