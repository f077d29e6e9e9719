{{ config(materialized='table') }}

-- Equal contributions stand in one row, so that nothing that is cut by a place ever parts them.
with

amounts as (
    select
        month,
        horizon,
        contribution,
        max(horizon_months) as horizon_months,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        count(*) as customers_here,
        sum(contribution) as brought_here,
        sum(greatest(contribution, 0)) as gained_here,
    from {{ ref('int_contribution_horizon') }}
    group by month, horizon, contribution
)

select
    month,
    horizon,
    horizon_months,
    judged_on,
    is_closed,
    contribution,
    customers_here,
    cast(sum(customers_here) over down_to_here as bigint) as customers_so_far,
    cast(sum(brought_here) over down_to_here as decimal(28, 2)) as brought_so_far,
    cast(sum(customers_here) over everybody as bigint) as customers,
    cast(sum(brought_here) over everybody as decimal(28, 2)) as total,
    cast(sum(gained_here) over everybody as decimal(28, 2)) as gained,
from amounts
window
    everybody as (partition by month, horizon),
    down_to_here as (
        partition by month, horizon order by contribution desc
        rows between unbounded preceding and current row
    )
