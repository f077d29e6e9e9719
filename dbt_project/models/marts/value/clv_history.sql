{{ config(materialized='view') }}

{% for horizon in ['short', 'middle', 'long'] -%}
{% set months = 'ends.' ~ horizon ~ '_months' -%}
{{ 'union all' if not loop.first }}
select
    ends.customer_key,
    ends.month,
    ends.judged_on,
    ends.is_closed,
    '{{ horizon }}' as horizon,
    {{ months }} as horizon_months,
    least(ends.months_known, {{ months }}) as months_counted,
    cast(ends.total_income - coalesce(starts.total_income, 0) as decimal(28, 2)) as income,
    cast(ends.total_cost - coalesce(starts.total_cost, 0) as decimal(28, 2)) as cost,
    cast(ends.total_fixed_cost - coalesce(starts.total_fixed_cost, 0) as decimal(28, 2))
        as fixed_cost,
    cast(
        ends.total_income - coalesce(starts.total_income, 0)
        - (ends.total_cost - coalesce(starts.total_cost, 0)) as decimal(28, 2)
    ) as clv,
    ends.policy_version,
from {{ ref('contribution_month') }} as ends
left join {{ ref('contribution_month') }} as starts
    on
        ends.customer_key = starts.customer_key
        and {{ add_months('ends.month', '-' ~ months) }} = starts.month
{% endfor -%}
