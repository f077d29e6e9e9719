{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- By how much intervals would have had to be wider, or narrower, to hold as many as promised.
with

tested as (
    select
        month,
        population,
        model,
        interval_share,
        distance,
        near_width,
        count(*) over of_test as customers,
        cast(
            cast(sum(near_width) over of_test as double) / count(*) over of_test
            as decimal(28, 2)
        ) as interval_base,
    from {{ ref('int_forward_tested') }}
    where month >= {{ window_month() }}
    window of_test as (partition by month, population, model)
),

placed as (
    select
        *,
        {{ in_widths('distance', '(near_width + interval_base)') }} as widths,
        row_number() over (
            partition by month, population, model
            order by {{ in_widths('distance', '(near_width + interval_base)') }}
        ) as place,
    from tested
    where customers >= {{ enough_for_factor() }}
)

select
    month,
    population,
    model,
    customers,
    interval_share,
    interval_base,
    -- One more customer than were seen: the next one is to lie within, too.
    coalesce(
        min(case when place >= interval_share * (customers + 1) then widths end),
        max(widths)
    ) as interval_factor,
from placed
group by month, population, model, customers, interval_share, interval_base
