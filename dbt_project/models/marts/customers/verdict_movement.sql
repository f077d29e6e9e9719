{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Everybody who was judged this month or the month before, once per family: who came, stayed, moved
-- or left.
with

{{ verdict_pairs() }},

counted as (
    {% for family in verdict_families() -%}
    select
        '{{ family.column }}' as family,
        month,
        {{ family.column }}_before as from_verdict,
        {{ family.column }}_after as to_verdict,
        count(*) as customers,
        sum(coalesce(assets_before, 0)) as assets_before,
        sum(coalesce(assets_after, 0)) as assets_after,
    from pairs
    group by month, {{ family.column }}_before, {{ family.column }}_after
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
