{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

counted as (
    select
        month,
        stage,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        count(*) as customers,
        sum(assets) as assets,
        sum(income) as income,
        sum(cost) as cost,
        count(wallet_share) as customers_with_wallet,
        sum(case when wallet_share is not null then closing_assets end) as wallet_assets,
        sum(case when wallet_share is not null then external_assets end) as assets_elsewhere,
    from {{ ref('lifecycle_month') }}
    where month >= {{ window_month() }}
    group by month, stage
),

judged as (
    select
        month,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        sum(customers) as population,
        sum(assets) as population_assets,
    from counted
    group by month
),

arrivals as (
    select
        month,
        to_verdict as stage,
        sum(case when from_verdict = to_verdict then 0 else customers end) as customers_in,
        sum(customers) as closing,
    from {{ ref('verdict_movement') }}
    where family = 'stage' and month >= {{ window_month() }}
    group by month, to_verdict
),

departures as (
    select
        month,
        from_verdict as stage,
        sum(case when from_verdict = to_verdict then 0 else customers end) as customers_out,
        sum(customers) as opening,
    from {{ ref('verdict_movement') }}
    where family = 'stage' and month >= {{ window_month() }}
    group by month, from_verdict
),

-- Every stage in force has a row, also when nobody is in it.
stages as (
    select
        judged.*,
        policy.stage,
        policy.stage_name,
        policy.relationship_stage,
        policy.strategy,
    from judged
    inner join {{ ref('policy_lifecycle_stage') }} as policy
        on {{ valid_on('policy', 'judged.judged_on') }}
),

shown as (
    select
        stages.*,
        coalesce(counted.customers, 0) as customers,
        cast(coalesce(counted.assets, 0) as decimal(38, 2)) as assets,
        cast(coalesce(counted.income, 0) as decimal(38, 2)) as income,
        cast(coalesce(counted.cost, 0) as decimal(38, 2)) as cost,
        coalesce(counted.customers_with_wallet, 0) as customers_with_wallet,
        counted.wallet_assets,
        counted.wallet_assets + counted.assets_elsewhere as wallets,
        case when stages.is_closed then coalesce(departures.opening, 0) end as opening,
        case when stages.is_closed then coalesce(arrivals.customers_in, 0) end as customers_in,
        case when stages.is_closed then coalesce(departures.customers_out, 0) end as customers_out,
        case when stages.is_closed then coalesce(arrivals.closing, 0) end as closing,
    from stages
    left join counted on stages.month = counted.month and stages.stage = counted.stage
    left join arrivals on stages.month = arrivals.month and stages.stage = arrivals.stage
    left join departures on stages.month = departures.month and stages.stage = departures.stage
)

select
    month,
    stage,
    stage_name,
    relationship_stage,
    strategy,
    judged_on,
    is_closed,
    cast(customers as bigint) as customers,
    cast({{ ratio('customers', 'population') }} as decimal(18, 6)) as customer_share,
    assets,
    cast({{ ratio('assets', 'population_assets') }} as decimal(18, 6)) as asset_share,
    income,
    cost,
    cast(income - cost as decimal(38, 2)) as profit,
    cast(customers_with_wallet as bigint) as customers_with_wallet,
    cast({{ ratio('wallet_assets', 'wallets') }} as decimal(18, 6)) as wallet_share,
    cast(opening as bigint) as opening,
    cast(customers_in as bigint) as customers_in,
    cast(customers_out as bigint) as customers_out,
    cast(closing as bigint) as closing,
    cast(customers_in - customers_out as bigint) as net_flow,
from shown
