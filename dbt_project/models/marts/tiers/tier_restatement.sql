{{ config(materialized='table') }}

-- Past verdicts that today's knowledge would change. The published past stays as it was judged.
with

concerned as (
    select distinct
        customer_key,
        first_month,
    from {{ ref('int_restated_concerned') }}
),

state as (
    select
        verdicts.scheme_code,
        verdicts.customer_key,
        verdicts.month,
        verdicts.tier_rank,
        verdicts.months_carried,
        verdicts.best_rank,
    from {{ ref('tier_month') }} as verdicts
    inner join concerned
        on
            verdicts.customer_key = concerned.customer_key
            and verdicts.month = {{ add_months('concerned.first_month', -1) }}
),

judged_now as (
    select * from (
        {{ fold_tiers(ref('int_restated_tiers'), 'state', ref('int_restated_months')) }}
    ) as folded
),

tiers as (
    {{ tiers_in_force(ref('int_restated_months')) }}
),

verdicts_now as (
    select
        judged_now.scheme_code,
        judged_now.customer_key,
        judged_now.month,
        judged_now.tier_rank,
        tiers.tier_code as tier,
        measured.measure_amount,
    from judged_now
    inner join {{ ref('int_restated_tiers') }} as measured
        on
            judged_now.scheme_code = measured.scheme_code
            and judged_now.customer_key = measured.customer_key
            and judged_now.month = measured.month
    inner join tiers
        on
            judged_now.scheme_code = tiers.scheme_code
            and judged_now.month = tiers.month
            and judged_now.tier_rank = tiers.tier_rank
),

-- Also of those who, as known today, should not have been judged.
verdicts_then as (
    select verdicts.*
    from {{ ref('tier_month') }} as verdicts
    inner join {{ ref('int_restated_months') }} as months on verdicts.month = months.month
    inner join concerned
        on
            verdicts.customer_key = concerned.customer_key
            and verdicts.month >= concerned.first_month
)

select
    coalesce(verdicts_now.scheme_code, verdicts_then.scheme_code) as scheme_code,
    coalesce(verdicts_now.customer_key, verdicts_then.customer_key) as customer_key,
    coalesce(verdicts_now.month, verdicts_then.month) as month,
    verdicts_then.judged_on,
    {{ as_of() }} as restated_on,
    verdicts_then.measure_amount as measure_then,
    verdicts_now.measure_amount as measure_now,
    cast(
        coalesce(verdicts_now.measure_amount, 0) - coalesce(verdicts_then.measure_amount, 0)
        as decimal(18, 2)
    ) as measure_difference,
    verdicts_then.tier as tier_then,
    verdicts_now.tier as tier_now,
    verdicts_then.tier_rank as tier_rank_then,
    verdicts_now.tier_rank as tier_rank_now,
    coalesce(verdicts_then.tier_rank <> verdicts_now.tier_rank, true) as is_judged_differently,
from verdicts_now
full outer join verdicts_then
    on
        verdicts_now.scheme_code = verdicts_then.scheme_code
        and verdicts_now.customer_key = verdicts_then.customer_key
        and verdicts_now.month = verdicts_then.month
where
    coalesce(verdicts_then.tier_rank <> verdicts_now.tier_rank, true)
    or verdicts_then.measure_amount <> verdicts_now.measure_amount
