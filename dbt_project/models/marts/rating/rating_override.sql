{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

numbers as (
    {{ parameters_in_force(['rating_default_months'], 'months') }}
)

select
    followed.month,
    followed.judged_on,
    followed.cohort,
    followed.followed_months as default_months,
    followed.from_changed_by as changed_by,
    followed.from_model_grade as model_grade,
    followed.from_state as grade,
    count(*) as companies,
    cast(sum(case when followed.is_borrower then 1 else 0 end) as bigint) as borrowers,
    cast(sum(case when followed.to_state = 'default' then 1 else 0 end) as bigint) as defaulted,
from {{ ref('int_rating_followed') }} as followed
inner join numbers
    on
        followed.month = numbers.month
        and followed.followed_months = numbers.rating_default_months
where
    followed.month >= {{ window_month() }}
    and followed.from_model_grade is not null
    and followed.from_state <> 'default'
group by
    followed.month, followed.judged_on, followed.cohort, followed.followed_months,
    followed.from_changed_by, followed.from_model_grade, followed.from_state
