{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Months that ended with another tier than they began with, and the first month after the last
-- one in which a customer was judged.
with

closed as (
    select *
    from {{ ref('tier_month') }}
    where is_closed and month >= {{ add_months(window_month(), -1) }}
),

last_closed as (
    select max(month) as month from closed
),

gone as (
    select before.*
    from closed as before
    left join closed as after
        on
            before.scheme_code = after.scheme_code
            and before.customer_key = after.customer_key
            and {{ add_months('before.month', 1) }} = after.month
    inner join last_closed on before.month < last_closed.month
    where after.customer_key is null
)

select
    scheme_code,
    customer_key,
    month,
    judged_on,
    change,
    tier_before,
    tier,
    tier_rank,
    takes_effect_on,
    measure_amount,
    policy_version,
from closed
where change <> 'none' and month >= {{ window_month() }}
union all
select
    scheme_code,
    customer_key,
    {{ add_months('month', 1) }} as month,
    judged_on,
    'left' as change,
    tier as tier_before,
    cast(null as string) as tier,
    cast(null as integer) as tier_rank,
    {{ add_months('month', 1) }} as takes_effect_on,
    measure_amount,
    policy_version,
from gone
where {{ add_months('month', 1) }} >= {{ window_month() }}
