{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Everybody who was judged this month or the month before: who came, stayed, moved or left.
with

closed as (
    select
        scheme_code,
        customer_key,
        month,
        tier,
        tier_rank,
        measure_amount,
    from {{ ref('tier_month') }}
    where is_closed and month >= {{ add_months(window_month(), -1) }}
),

last_closed as (
    select max(month) as month from closed
),

moves as (
    select
        coalesce(after.scheme_code, before.scheme_code) as scheme_code,
        coalesce(after.month, {{ add_months('before.month', 1) }}) as month,
        coalesce(before.tier, 'new') as from_tier,
        coalesce(before.tier_rank, 0) as from_rank,
        coalesce(after.tier, 'left') as to_tier,
        coalesce(after.tier_rank, 0) as to_rank,
        coalesce(after.measure_amount, 0) as assets_after,
        coalesce(before.measure_amount, 0) as assets_before,
    from (select * from closed where month >= {{ window_month() }}) as after
    full outer join closed as before
        on
            after.scheme_code = before.scheme_code
            and after.customer_key = before.customer_key
            and after.month = {{ add_months('before.month', 1) }}
)

select
    moves.scheme_code,
    moves.month,
    moves.from_tier,
    moves.to_tier,
    moves.from_rank,
    moves.to_rank,
    count(*) as customers,
    cast(sum(moves.assets_before) as decimal(38, 2)) as assets_before,
    cast(sum(moves.assets_after) as decimal(38, 2)) as assets_after,
from moves
inner join last_closed on moves.month <= last_closed.month
where moves.month >= {{ window_month() }}
group by
    moves.scheme_code, moves.month, moves.from_tier, moves.to_tier, moves.from_rank, moves.to_rank
