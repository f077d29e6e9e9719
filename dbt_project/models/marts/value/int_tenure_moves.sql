{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

customers as (
    select
        customer_key,
        month,
        is_closed,
        population,
        {{ told_tenure('tenure_months') }} as tenure_months,
        contribution,
        margin,
    from {{ ref('int_forward_customers') }}
    where month >= {{ add_months(window_month(), -1) }}
),

moves as (
    select
        now_in.month,
        now_in.is_closed,
        held.tenure_months,
        now_in.population <> 'gone' as is_kept,
        case when now_in.population <> 'gone' then held.margin else 0 end as margin,
        case
            when now_in.population <> 'gone' then now_in.contribution - held.margin else 0
        end as difference,
    from customers as held
    inner join customers as now_in
        on
            held.customer_key = now_in.customer_key
            and now_in.month = {{ add_months('held.month', 1) }}
    where
        now_in.month >= {{ window_month() }}
        and held.population in ('contract', 'payments', 'account')
        and held.tenure_months is not null
)

select
    month,
    is_closed,
    tenure_months,
    cast(sum(case when is_kept then 1 else 0 end) as bigint) as kept,
    cast(sum(case when is_kept then 0 else 1 end) as bigint) as lost,
    {{ square_sum('margin') }} as margin_squares,
    {{ square_sum('difference') }} as difference_squares,
from moves
group by month, is_closed, tenure_months
