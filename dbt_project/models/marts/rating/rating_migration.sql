{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

select
    month,
    judged_on,
    cohort,
    followed_months,
    from_state,
    to_state,
    count(*) as companies,
from {{ ref('int_rating_followed') }}
where month >= {{ window_month() }}
group by month, judged_on, cohort, followed_months, from_state, to_state
