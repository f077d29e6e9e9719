{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

judged as (
    select * from {{ ref('segment_month') }}
    where month >= {{ window_month() }}
),

months as (
    select
        month,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        count(*) as population,
        cast(sum(average_assets) as decimal(38, 2)) as population_assets,
    from judged
    group by month
),

counted as (
    {% for scheme in segment_schemes() -%}
    {{ 'union all' if not loop.first }}
    select
        month,
        '{{ scheme }}' as scheme,
        {{ scheme }} as segment,
        count(*) as customers,
        cast(sum(average_assets) as decimal(38, 2)) as assets,
    from judged
    group by month, {{ scheme }}
    {% endfor %}
),

named as (
    {{ segments_in_force('months') }}
),

-- Every segment in force has a row, also when nobody is in it; a region has no other name.
segments as (
    select
        coalesce(named.month, counted.month) as month,
        coalesce(named.scheme, counted.scheme) as scheme,
        coalesce(named.segment, counted.segment) as segment,
        coalesce(named.segment_name, counted.segment) as segment_name,
        coalesce(counted.customers, 0) as customers,
        cast(coalesce(counted.assets, 0) as decimal(38, 2)) as assets,
    from named
    full outer join counted
        on
            named.month = counted.month
            and named.scheme = counted.scheme
            and named.segment = counted.segment
)

select
    segments.month,
    segments.scheme,
    segments.segment,
    segments.segment_name,
    months.judged_on,
    months.is_closed,
    cast(segments.customers as bigint) as customers,
    cast({{ ratio('segments.customers', 'months.population') }} as decimal(18, 6))
        as customer_share,
    segments.assets,
    cast({{ ratio('segments.assets', 'months.population_assets') }} as decimal(18, 6))
        as asset_share,
    cast(
        {{ ratio(
            '(segments.assets * months.population)',
            '(months.population_assets * segments.customers)'
        ) }} as decimal(18, 6)
    ) as asset_index,
from segments
inner join months on segments.month = months.month
