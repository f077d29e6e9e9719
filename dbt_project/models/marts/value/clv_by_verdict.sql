{{ config(materialized='view') }}

{% set families = {
    'asset_tier': 'asset_tier',
    'stage': 'stage',
    'star_grade': 'star_grade',
    'value_loyalty': 'value_loyalty',
    'value_cell': 'value_cell',
} -%}
{% for family, verdict in families.items() -%}
{{ 'union all' if not loop.first }}
select
    values_of.month,
    values_of.judged_on,
    values_of.is_closed,
    '{{ family }}' as family,
    verdicts.{{ verdict }} as verdict,
    values_of.horizon,
    values_of.horizon_months,
    count(*) as customers,
    cast(sum(values_of.income) as decimal(28, 2)) as income,
    cast(sum(values_of.cost) as decimal(28, 2)) as cost,
    cast(sum(values_of.clv) as decimal(28, 2)) as clv,
from {{ ref('clv_history') }} as values_of
inner join {{ ref('customer_month') }} as verdicts
    on
        values_of.customer_key = verdicts.customer_key
        and values_of.month = verdicts.month
group by
    values_of.month, values_of.judged_on, values_of.is_closed, verdicts.{{ verdict }},
    values_of.horizon, values_of.horizon_months
{% endfor -%}
