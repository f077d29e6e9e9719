{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Where companies stood some months ago, where they stand now, and whether they defaulted between.
with

months as (
    {{ build_months() }}
),

numbers as (
    {{ parameters_in_force(['rating_default_months'], 'months') }}
),

spans as (
    select
        lengths.month,
        lengths.judged_on,
        lengths.followed_months,
        {{ add_months('lengths.month', '-lengths.followed_months') }} as cohort,
    from (
        select month, judged_on, cast(1 as integer) as followed_months
        from months where is_closed
        union distinct
        select
            months.month,
            months.judged_on,
            cast(numbers.rating_default_months as integer) as followed_months,
        from months
        inner join numbers on months.month = numbers.month
        where months.is_closed
    ) as lengths
),

ends as (
    select month from spans
    union distinct
    select cohort as month from spans
),

ratings as (
    select
        customer_key,
        month,
        rating as state,
        case when grade is not null then model_grade end as model_grade,
        changed_by,
    from {{ ref('rating_month') }}
    where is_closed and month in (select ends.month from ends)
),

followed as (
    select * from spans where cohort in (select ratings.month from ratings)
),

companies as (
    {% for end in ['cohort', 'month'] -%}
    {{ 'union distinct' if not loop.first }}
    select followed.month, followed.followed_months, ratings.customer_key
    from followed
    inner join ratings on followed.{{ end }} = ratings.month
    {% endfor %}
),

owed as (
    select
        customer_key,
        month,
        max(case when in_default then 1 else 0 end) as in_default,
    from {{ ref('int_loan_month') }}
    where
        coalesce(status <> 'repaid', true)
        and month >= (select min(followed.cohort) from followed)
    group by customer_key, month
),

borrowers as (
    select
        followed.month,
        followed.followed_months,
        owed.customer_key,
        max(case when owed.month = followed.cohort then owed.in_default else 0 end)
            as was_in_default,
        max(case when owed.month > followed.cohort then owed.in_default else 0 end)
            as has_defaulted,
    from followed
    inner join owed on followed.cohort <= owed.month and followed.month >= owed.month
    group by followed.month, followed.followed_months, owed.customer_key
)

select
    followed.month,
    followed.judged_on,
    followed.cohort,
    followed.followed_months,
    companies.customer_key,
    case
        when before.state is null then 'entered'
        when coalesce(borrowers.was_in_default, 0) = 1 then 'default'
        else before.state
    end as from_state,
    before.model_grade as from_model_grade,
    before.changed_by as from_changed_by,
    case
        when coalesce(borrowers.has_defaulted, 0) = 1 then 'default'
        else coalesce(after.state, 'left')
    end as to_state,
    borrowers.customer_key is not null as is_borrower,
from followed
inner join companies
    on followed.month = companies.month and followed.followed_months = companies.followed_months
left join ratings as before
    on followed.cohort = before.month and companies.customer_key = before.customer_key
left join ratings as after
    on followed.month = after.month and companies.customer_key = after.customer_key
left join borrowers
    on
        followed.month = borrowers.month
        and followed.followed_months = borrowers.followed_months
        and companies.customer_key = borrowers.customer_key
