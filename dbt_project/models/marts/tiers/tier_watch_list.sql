{{ config(materialized='table') }}

-- Three lists for relationship managers: who is just below the next tier, who is just above the
-- held one, and who keeps a tier only by grace.
with

today as (
    select * from {{ ref('tier_today') }}
),

tiers as (
    select *
    from {{ ref('policy_tier_bound') }} as bounds
    where {{ valid_on('bounds', as_of()) }}
),

rules as (
    select
        watch.scheme_code,
        watch.list_code,
        -- Borderline of a tier is who holds the one below it.
        tiers.tier_rank - case watch.list_code when 'borderline' then 1 else 0 end as held_rank,
        coalesce(
            watch.within_amount, {{ weighted('tiers.lower_bound', 'watch.within_share') }}
        ) as within_amount,
        tiers.tier_code,
        tiers.lower_bound,
    from {{ ref('policy_tier_watch') }} as watch
    inner join tiers
        on watch.scheme_code = tiers.scheme_code and watch.tier_rank = tiers.tier_rank
    where {{ valid_on('watch', as_of()) }}
),

listed as (
    select
        rules.list_code,
        today.*,
        rules.tier_code as reference_tier,
        rules.lower_bound as reference_bound,
        abs(today.measure_amount - rules.lower_bound) as distance,
        cast(null as date) as act_by,
    from today
    inner join rules
        on
            today.scheme_code = rules.scheme_code
            and today.held_rank = rules.held_rank
            and (today.measure_amount < rules.lower_bound) = (rules.list_code = 'borderline')
            and abs(today.measure_amount - rules.lower_bound) <= rules.within_amount
    union all
    select
        'in_grace' as list_code,
        today.*,
        tiers.tier_code as reference_tier,
        tiers.lower_bound as reference_bound,
        tiers.lower_bound - today.measure_amount as distance,
        today.falls_on as act_by,
    from today
    inner join tiers
        on
            today.scheme_code = tiers.scheme_code
            and today.held_rank = tiers.tier_rank
            and today.measured_rank < tiers.tier_rank
    where not today.is_closed or today.months_carried > 0
)

select
    listed.list_code,
    listed.scheme_code,
    listed.customer_key,
    customers.relationship_manager,
    customers.branch_id,
    listed.judged_on,
    listed.held_tier as tier,
    listed.reference_tier,
    listed.measure_amount,
    listed.reference_bound,
    cast(listed.distance as decimal(18, 2)) as distance,
    listed.months_below,
    listed.watch_state,
    listed.band,
    listed.act_by,
    case listed.list_code
        when 'borderline'
            then
                'Needs ' || {{ money_text('listed.distance') }} || ' more on average to reach '
                || listed.reference_tier
        when 'at_risk'
            then
                'Only ' || {{ money_text('listed.distance') }} || ' above the bound of '
                || listed.reference_tier
        else
            'Below ' || listed.reference_tier || ' by ' || {{ money_text('listed.distance') }}
            || ' for ' || cast(listed.months_below as string) || ' month(s); keeps it through '
            || cast(listed.act_by as string) || ' and loses it then, unless the average recovers'
    end as reason,
    listed.policy_version,
from listed
inner join {{ ref('dim_customer') }} as customers
    on listed.customer_key = customers.customer_key
