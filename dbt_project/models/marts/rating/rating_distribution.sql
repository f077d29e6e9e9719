{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

borrowers as (
    select customer_key, month
    from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }} and loans_owed > 0 and loans_in_default = 0
),

counted as (
    select
        ratings.month,
        ratings.rating,
        max(ratings.grade_rank) as grade_rank,
        max(ratings.judged_on) as judged_on,
        bool_and(ratings.is_closed) as is_closed,
        count(*) as companies,
        sum(case when ratings.is_override then 1 else 0 end) as overrides,
        count(borrowers.customer_key) as borrowers,
        case
            when max(ratings.grade_rank) is not null
                then coalesce(
                    sum(
                        case
                            when borrowers.customer_key is not null
                                then ratings.default_probability
                        end
                    ),
                    0
                )
        end as expected_defaults,
    from {{ ref('rating_month') }} as ratings
    left join borrowers
        on ratings.customer_key = borrowers.customer_key and ratings.month = borrowers.month
    where ratings.month >= {{ window_month() }}
    group by ratings.month, ratings.rating
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
    cast(borrowers as bigint) as borrowers,
    cast(expected_defaults as decimal(18, 6)) as expected_defaults,
from counted
