{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Months that ended with another tier than they began with, and the first month at whose end a
-- customer was no longer judged: known on its last day, not before, and the tier held until then.
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
    select
        before.*,
        {{ add_months('before.month', 1) }} as left_in,
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
    left_in as month,
    {{ day_before(add_months('left_in', 1)) }} as judged_on,
    'left' as change,
    tier as tier_before,
    cast(null as string) as tier,
    cast(null as integer) as tier_rank,
    {{ add_months('left_in', 1) }} as takes_effect_on,
    measure_amount,
    policy_version,
from gone
where left_in >= {{ window_month() }}
