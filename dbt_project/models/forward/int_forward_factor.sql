{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- By how much intervals would have had to be wider, or narrower, to hold as many as promised.
with

placed as (
    select
        month,
        population,
        model,
        interval_share,
        interval_ratio,
        row_number() over by_ratio as place,
        count(*) over (partition by month, population, model) as customers,
    from {{ ref('int_forward_tested') }}
    where month >= {{ window_month() }}
    window by_ratio as (partition by month, population, model order by interval_ratio)
)

select
    month,
    population,
    model,
    customers,
    -- One more customer than were seen: the next one is to lie within, too.
    coalesce(
        min(case when place >= interval_share * (customers + 1) then interval_ratio end),
        max(interval_ratio)
    ) as interval_factor,
from placed
where customers >= {{ enough_for_factor() }}
group by month, population, model, customers
