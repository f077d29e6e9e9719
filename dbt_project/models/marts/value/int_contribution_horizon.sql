{{ config(materialized='table') }}

-- Of the months that the run builds, so that nothing reads lifetime values of all months to rank
-- those of one.
select
    customer_key,
    month,
    judged_on,
    is_closed,
    'month' as horizon,
    1 as horizon_months,
    income,
    cost,
    fixed_cost,
    contribution,
from {{ ref('contribution_month') }}
where month >= {{ window_month() }}
union all
select
    customer_key,
    month,
    judged_on,
    is_closed,
    horizon,
    horizon_months,
    income,
    cost,
    fixed_cost,
    clv as contribution,
from {{ ref('clv_history') }}
where month >= {{ window_month() }}
