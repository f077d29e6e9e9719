{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Everybody who was judged this month or the month before, once per family: who came, stayed, moved
-- or left.
with

closed as (
    select * from {{ ref('customer_month') }}
    where is_closed and month >= {{ add_months(window_month(), -1) }}
),

last_closed as (
    select max(month) as month from closed
),

moves as (
    select
        coalesce(after.month, {{ add_months('before.month', 1) }}) as month,
        before.customer_key is null as is_new,
        after.customer_key is null as has_left,
        coalesce(before.assets, 0) as assets_before,
        coalesce(after.assets, 0) as assets_after,
        {% for family in verdict_families() -%}
        before.{{ family.column }} as {{ family.column }}_before,
        after.{{ family.column }} as {{ family.column }}_after,
        {% endfor %}
    from (select * from closed where month >= {{ window_month() }}) as after
    full outer join closed as before
        on
            after.customer_key = before.customer_key
            and after.month = {{ add_months('before.month', 1) }}
),

counted as (
    {% for family in verdict_families() -%}
    select
        '{{ family.column }}' as family,
        month,
        case when is_new then 'entered' else {{ family.column }}_before end as from_verdict,
        case when has_left then 'left' else {{ family.column }}_after end as to_verdict,
        count(*) as customers,
        sum(assets_before) as assets_before,
        sum(assets_after) as assets_after,
    from moves
    group by
        month,
        case when is_new then 'entered' else {{ family.column }}_before end,
        case when has_left then 'left' else {{ family.column }}_after end
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    counted.family,
    counted.month,
    counted.from_verdict,
    counted.to_verdict,
    cast(counted.customers as bigint) as customers,
    cast(counted.assets_before as decimal(38, 2)) as assets_before,
    cast(counted.assets_after as decimal(38, 2)) as assets_after,
from counted
inner join last_closed on counted.month <= last_closed.month
where counted.month >= {{ window_month() }}
