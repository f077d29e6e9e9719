{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

customers as (
    select
        customer_key,
        month,
        is_closed,
        state,
        contribution,
    from {{ ref('int_forward_customers') }}
    where month >= {{ add_months(window_month(), -1) }}
)

select
    now_in.month,
    now_in.is_closed,
    coalesce(came_from.state, 'none') as state_before,
    now_in.state,
    count(*) as customers,
    cast(sum(now_in.contribution) as decimal(28, 2)) as contribution,
    {{ square_sum('now_in.contribution') }} as contribution_squares,
from customers as now_in
left join customers as came_from
    on
        now_in.customer_key = came_from.customer_key
        and now_in.month = {{ add_months('came_from.month', 1) }}
where now_in.month >= {{ window_month() }}
group by now_in.month, now_in.is_closed, coalesce(came_from.state, 'none'), now_in.state
