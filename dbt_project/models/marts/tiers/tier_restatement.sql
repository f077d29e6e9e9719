{{ config(materialized='table') }}

-- Past verdicts that today's knowledge would change. The published past stays as it was judged.
with

first_month as (
    select min(month) as month from {{ ref('int_restated_months') }}
),

state as (
    select
        scheme_code,
        customer_key,
        month,
        tier_rank,
        months_carried,
        best_rank,
    from {{ ref('tier_month') }}
    where month = {{ add_months('(select first_month.month from first_month)', -1) }}
),

judged_now as (
    select * from (
        {{ fold_tiers(ref('int_restated_tiers'), 'state') }}
    ) as folded
),

tiers as (
    {{ tiers_in_force(ref('int_restated_months')) }}
)

select
    judged_now.scheme_code,
    judged_now.customer_key,
    judged_now.month,
    judged_then.judged_on,
    {{ as_of() }} as restated_on,
    judged_then.measure_amount as measure_then,
    measured.measure_amount as measure_now,
    cast(
        measured.measure_amount - coalesce(judged_then.measure_amount, 0) as decimal(18, 2)
    ) as measure_difference,
    judged_then.tier as tier_then,
    tiers.tier_code as tier_now,
    judged_then.tier_rank as tier_rank_then,
    judged_now.tier_rank as tier_rank_now,
    coalesce(judged_then.tier_rank <> judged_now.tier_rank, true) as is_judged_differently,
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
left join {{ ref('tier_month') }} as judged_then
    on
        judged_now.scheme_code = judged_then.scheme_code
        and judged_now.customer_key = judged_then.customer_key
        and judged_now.month = judged_then.month
where
    judged_then.tier_rank is null
    or judged_then.tier_rank <> judged_now.tier_rank
    or judged_then.measure_amount <> measured.measure_amount
