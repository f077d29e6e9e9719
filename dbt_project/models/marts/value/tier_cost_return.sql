{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

terms as (
    {{ concentration_terms('months') }}
),

brought as (
    select
        judged.scheme_code,
        judged.month,
        judged.tier_rank,
        horizons.horizon,
        cast(sum(horizons.income) as decimal(28, 2)) as income,
        cast(sum(horizons.cost) as decimal(28, 2)) as cost,
        cast(sum(horizons.fixed_cost) as decimal(28, 2)) as fixed_cost,
    from {{ ref('tier_month') }} as judged
    inner join {{ ref('int_contribution_horizon') }} as horizons
        on judged.customer_key = horizons.customer_key and judged.month = horizons.month
    where judged.month >= {{ window_month() }}
    group by judged.scheme_code, judged.month, judged.tier_rank, horizons.horizon
),

horizons as (
    select distinct
        month,
        horizon,
        horizon_months,
    from {{ ref('int_contribution_horizon') }}
),

-- Every tier in force has a row, also when nobody is in it.
tiers as (
    select
        tiers.scheme_code,
        tiers.month,
        tiers.tier,
        tiers.tier_rank,
        tiers.tier_name,
        tiers.lower_bound,
        tiers.judged_on,
        tiers.is_closed,
        tiers.customers,
        horizons.horizon,
        horizons.horizon_months,
        coalesce(brought.income, 0) as income,
        coalesce(brought.cost, 0) as cost,
        coalesce(brought.fixed_cost, 0) as fixed_cost,
    from {{ ref('tier_distribution') }} as tiers
    inner join horizons on tiers.month = horizons.month
    left join brought
        on
            tiers.scheme_code = brought.scheme_code
            and tiers.month = brought.month
            and tiers.tier_rank = brought.tier_rank
            and horizons.horizon = brought.horizon
    where tiers.month >= {{ window_month() }}
)

select
    tiers.scheme_code,
    tiers.month,
    tiers.tier,
    tiers.horizon,
    tiers.tier_rank,
    tiers.tier_name,
    tiers.lower_bound,
    tiers.horizon_months,
    tiers.judged_on,
    tiers.is_closed,
    tiers.customers,
    cast(tiers.income as decimal(28, 2)) as income,
    cast(tiers.cost as decimal(28, 2)) as cost,
    cast(tiers.cost - tiers.fixed_cost as decimal(28, 2)) as variable_cost,
    cast(tiers.fixed_cost as decimal(28, 2)) as fixed_cost,
    cast(tiers.income - (tiers.cost - tiers.fixed_cost) as decimal(28, 2)) as left_for_fixed_cost,
    cast(tiers.income - tiers.cost as decimal(28, 2)) as contribution,
    {{ share_of_total('tiers.cost', 'tiers.income') }} as cost_income_ratio,
    case
        when tiers.customers > 0
            then cast(
                {{ divide_money('(tiers.income - tiers.cost)', 'tiers.customers', scale=2) }}
                as decimal(28, 2)
            )
    end as return_per_customer,
    terms.cost_bound,
    case
        when tiers.income <> 0 or tiers.cost <> 0
            then tiers.cost <= terms.cost_bound * tiers.income
    end as pays_off,
    terms.policy_version,
from tiers
inner join terms on tiers.month = terms.month
