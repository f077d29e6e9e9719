{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Everybody who was judged this month or the month before: who came, stayed, moved or left.
with

closed as (
    select
        customer_key,
        month,
        stage,
        assets,
    from {{ ref('lifecycle_month') }}
    where is_closed and month >= {{ add_months(window_month(), -1) }}
),

last_closed as (
    select max(month) as month from closed
),

moves as (
    select
        coalesce(after.month, {{ add_months('before.month', 1) }}) as month,
        coalesce(before.stage, 'new') as from_stage,
        coalesce(after.stage, 'left') as to_stage,
        coalesce(before.assets, 0) as assets_before,
        coalesce(after.assets, 0) as assets_after,
    from (select * from closed where month >= {{ window_month() }}) as after
    full outer join closed as before
        on
            after.customer_key = before.customer_key
            and after.month = {{ add_months('before.month', 1) }}
)

select
    moves.month,
    moves.from_stage,
    moves.to_stage,
    count(*) as customers,
    cast(sum(moves.assets_before) as decimal(38, 2)) as assets_before,
    cast(sum(moves.assets_after) as decimal(38, 2)) as assets_after,
from moves
inner join last_closed on moves.month <= last_closed.month
where moves.month >= {{ window_month() }}
group by moves.month, moves.from_stage, moves.to_stage
