{{ config(materialized='view') }}

-- In the running month nothing is judged yet: the tier to treat the customer by is the one held
-- before it, and `tier` is what the month would bring if it ended today.
select
    *,
    case when is_closed then tier else coalesce(tier_before, tier) end as held_tier,
    case when is_closed then tier_rank else coalesce(rank_before, tier_rank) end as held_rank,
from {{ ref('tier_month') }}
where month = (select max(latest.month) from {{ ref('tier_month') }} as latest)
