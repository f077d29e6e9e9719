{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

customers as (
    select
        customer_key,
        month,
        is_closed,
        population,
        contribution,
        spend,
    from {{ ref('int_forward_customers') }}
    where month >= {{ add_months(window_month(), -1) }} and purchase_days > 0
),

moves as (
    select
        now_in.month,
        now_in.is_closed,
        now_in.contribution,
        now_in.spend - coalesce(came_from.spend, 0) as spend,
    from customers as now_in
    left join customers as came_from
        on
            now_in.customer_key = came_from.customer_key
            and now_in.month = {{ add_months('came_from.month', 1) }}
    where now_in.month >= {{ window_month() }} and now_in.population = 'payments'
)

select
    month,
    is_closed,
    count(*) as customers,
    cast(sum(contribution) as decimal(28, 2)) as contribution,
    cast(sum(spend) as decimal(28, 2)) as spend,
    {{ square_sum('contribution') }} as contribution_squares,
    {{ square_sum('spend') }} as spend_squares,
    cast(sum({{ squarable('contribution') }} * {{ squarable('spend') }}) as decimal(38, 4))
        as contribution_spend,
from moves
group by month, is_closed
