{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

tiers as (
    {{ tiers_in_force('months') }}
),

bands as (
    {{ bands_in_force('months') }}
),

graces as (
    {{ policy_in_force(ref('policy_tier_grace'), 'months') }}
),

schemes as (
    {{ policy_in_force(ref('policy_tier_scheme'), 'months') }}
),

verdicts as (
    select
        measured.*,
        {{ add_months('measured.month', 1) }} as next_month,
        judged.rank_before,
        judged.tier_rank,
        judged.months_below,
        judged.months_carried,
        judged.best_rank,
        case
            when judged.rank_before is null then 'new'
            when judged.tier_rank > judged.rank_before then 'upgrade'
            when judged.tier_rank < judged.rank_before then 'downgrade'
            else 'none'
        end as change,
    from {{ ref('int_tier_measured') }} as measured
    inner join {{ ref('int_tier_judged') }} as judged
        on
            measured.scheme_code = judged.scheme_code
            and measured.customer_key = judged.customer_key
            and measured.month = judged.month
)

select
    verdicts.scheme_code,
    verdicts.customer_key,
    verdicts.month,
    verdicts.judged_on,
    verdicts.is_closed,
    verdicts.measure_code,
    verdicts.measure_amount,
    measured_tier.tier_code as measured_tier,
    before_tier.tier_code as tier_before,
    held.tier_code as tier,
    cast(verdicts.measured_rank as integer) as measured_rank,
    verdicts.rank_before,
    verdicts.tier_rank,
    verdicts.change,
    case
        when verdicts.change = 'none' then null
        when verdicts.change in ('upgrade', 'new') and schemes.upgrade_takes_effect = 'judgement'
            then verdicts.judged_on
        else verdicts.next_month
    end as takes_effect_on,
    verdicts.months_below,
    verdicts.months_carried,
    verdicts.best_rank,
    case
        when verdicts.months_below = 0 or coalesce(graces.grace_months, 1) = 1 then 'none'
        when verdicts.months_below <= graces.silent_months then 'silent'
        else 'watched'
    end as watch_state,
    case
        when verdicts.months_below > 0
            then {{ day_before(
                add_months(
                    'verdicts.next_month', 'greatest(graces.grace_months - verdicts.months_below, 0)'
                )
            ) }}
    end as falls_on,
    coalesce(bands.band_code, 'none') as band,
    held.lower_bound as held_bound,
    verdicts.measure_amount - held.lower_bound as margin,
    held.next_tier_code as next_tier,
    held.next_bound,
    held.next_bound - verdicts.measure_amount as gap_to_next,
    before_tier.grace_code,
    case when verdicts.rank_before is not null then coalesce(graces.grace_months, 1) end
        as grace_months,
    verdicts.scheme_code || '@' || cast(held.bounds_valid_from as string) as policy_version,
from verdicts
inner join schemes
    on verdicts.scheme_code = schemes.scheme_code and verdicts.month = schemes.month
inner join tiers as held
    on
        verdicts.scheme_code = held.scheme_code
        and verdicts.month = held.month
        and verdicts.tier_rank = held.tier_rank
inner join tiers as measured_tier
    on
        verdicts.scheme_code = measured_tier.scheme_code
        and verdicts.month = measured_tier.month
        and verdicts.measured_rank = measured_tier.tier_rank
left join tiers as before_tier
    on
        verdicts.scheme_code = before_tier.scheme_code
        and verdicts.month = before_tier.month
        and verdicts.rank_before = before_tier.tier_rank
left join graces
    on before_tier.grace_code = graces.grace_code and verdicts.month = graces.month
left join bands
    on
        verdicts.scheme_code = bands.scheme_code
        and verdicts.month = bands.month
        and {{ in_band('verdicts.measure_amount', 'bands') }}
