{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

counted as (
    select
        month,
        rating,
        max(grade_rank) as grade_rank,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        count(*) as companies,
        sum(case when is_override then 1 else 0 end) as overrides,
        sum(default_probability) as expected_defaults,
    from {{ ref('rating_month') }}
    where month >= {{ window_month() }}
    group by month, rating
)

select
    month,
    rating,
    grade_rank,
    judged_on,
    is_closed,
    cast(companies as bigint) as companies,
    cast(overrides as bigint) as overrides,
    cast(
        {{ ratio(
            'cast(companies as decimal(18, 2))',
            'cast(sum(companies) over (partition by month) as decimal(18, 2))'
        ) }} as decimal(9, 6)
    ) as company_share,
    cast(expected_defaults as decimal(18, 6)) as expected_defaults,
from counted
