{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

counted as (
    select
        scheme_code,
        month,
        tier_rank,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        count(*) as customers,
        sum(measure_amount) as assets,
    from {{ ref('tier_month') }}
    where month >= {{ add_months(window_month(), -1) }}
    group by scheme_code, month, tier_rank
),

judged as (
    select
        scheme_code,
        month,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        sum(customers) as population,
        sum(assets) as population_assets,
    from counted
    group by scheme_code, month
),

-- Every tier in force has a row, also when nobody is in it.
tiers as (
    select
        judged.*,
        bounds.tier_rank,
        bounds.tier_code as tier,
        bounds.tier_name,
        bounds.lower_bound,
        coalesce(counted.customers, 0) as customers,
        cast(coalesce(counted.assets, 0) as decimal(38, 2)) as assets,
    from judged
    inner join {{ ref('policy_tier_bound') }} as bounds
        on
            judged.scheme_code = bounds.scheme_code
            and {{ valid_on('bounds', 'judged.judged_on') }}
    left join counted
        on
            judged.scheme_code = counted.scheme_code
            and judged.month = counted.month
            and bounds.tier_rank = counted.tier_rank
),

compared as (
    select
        tiers.*,
        before.customers as customers_before,
        before.assets as assets_before,
    from tiers
    left join tiers as before
        on
            tiers.scheme_code = before.scheme_code
            and tiers.tier_rank = before.tier_rank
            and {{ add_months('tiers.month', -1) }} = before.month
),

grown as (
    select
        *,
        {{ ratio('(customers - customers_before)', 'customers_before') }} as customer_growth,
        {{ ratio('(assets - assets_before)', 'assets_before') }} as asset_growth,
    from compared
    where month >= {{ window_month() }}
)

select
    scheme_code,
    month,
    tier,
    tier_rank,
    tier_name,
    lower_bound,
    judged_on,
    is_closed,
    cast(customers as bigint) as customers,
    assets,
    cast({{ ratio('customers', 'population') }} as decimal(18, 6)) as customer_share,
    cast({{ ratio('assets', 'population_assets') }} as decimal(18, 6)) as asset_share,
    cast(customer_growth as decimal(18, 6)) as customer_growth,
    cast(asset_growth as decimal(18, 6)) as asset_growth,
    cast(customer_growth - asset_growth as decimal(18, 6)) as growth_divergence,
from grown
