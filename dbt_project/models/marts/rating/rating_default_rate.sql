{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Every grade of the scale that was in force when the grades were given, also those of nobody.
with

counted as (
    select
        month,
        judged_on as closed_on,
        cohort,
        default_months,
        grade,
        sum(companies) as companies,
        sum(borrowers) as borrowers,
        sum(defaulted) as defaulted,
    from {{ ref('rating_override') }}
    where month >= {{ window_month() }}
    group by month, judged_on, cohort, default_months, grade
),

closed as (
    select distinct month, closed_on, cohort, default_months
    from counted
),

cohorts as (
    select distinct
        cohort as month,
        {{ day_before(add_months('cohort', 1)) }} as judged_on,
    from closed
),

terms as (
    select
        choices.month,
        choices.rating_bbb_split as bbb_split,
    from (
        {{ switches_in_force(['rating_bbb_split'], 'cohorts') }}
    ) as choices
),

scale as (
    {{ rating_bands('cohorts', 'terms') }}
)

select
    closed.month,
    closed.closed_on as judged_on,
    closed.cohort,
    closed.default_months,
    scale.grade,
    scale.grade_rank,
    cast(coalesce(counted.companies, 0) as bigint) as companies,
    cast(coalesce(counted.borrowers, 0) as bigint) as borrowers,
    cast(coalesce(counted.defaulted, 0) as bigint) as defaulted,
    cast(
        {{ ratio(
            'cast(counted.defaulted as decimal(18, 2))',
            'cast(counted.borrowers as decimal(18, 2))'
        ) }} as decimal(9, 6)
    ) as default_rate,
    cast(scale.default_probability as decimal(9, 6)) as expected_rate,
    cast(coalesce(counted.borrowers, 0) * scale.default_probability as decimal(18, 6))
        as expected_defaults,
from closed
inner join scale on closed.cohort = scale.month
left join counted on closed.month = counted.month and scale.grade = counted.grade
