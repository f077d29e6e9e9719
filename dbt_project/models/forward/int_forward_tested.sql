{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What was expected of the months that have passed since, beside what these months brought.
with

months as (
    {{ build_months() }}
),

origins as (
    select distinct
        months.month,
        months.judged_on,
        {{ add_months('months.month', '-fits.test_months') }} as origin,
        fits.test_months,
    from months
    cross join (
        select distinct test_months from {{ source('fits', 'model_fit') }}
    ) as fits
    where months.is_closed
),

-- Where policy shortened tests, two of them end in one month: the one from the newer origin counts.
newest as (
    select
        origins.month,
        told.model,
        max(origins.origin) as origin,
    from origins
    inner join (
        select distinct
            month,
            model,
            test_months,
        from {{ ref('int_forward_values') }}
        where month in (select origins.origin from origins)
    ) as told
        on origins.origin = told.month and origins.test_months = told.test_months
    group by origins.month, told.model
),

statements as (
    select
        customer_key,
        month,
        total_income - total_cost as total,
    from {{ ref('contribution_month') }}
    where
        month in (select origins.month from origins)
        or month in (select origins.origin from origins)
)

select
    expected.customer_key,
    origins.month,
    origins.judged_on,
    origins.origin,
    origins.test_months,
    expected.population,
    expected.model,
    expected.near_expected,
    expected.near_error,
    expected.near_deviation,
    expected.interval_share,
    expected.interval_quantile,
    cast(ends.total - starts.total as decimal(28, 2)) as happened,
    abs(cast(ends.total - starts.total as decimal(28, 2)) - expected.near_expected) as distance,
    {{ forward_width('expected.near_error', 'expected.near_deviation',
        'expected.interval_quantile') }} as near_width,
from {{ ref('int_forward_values') }} as expected
inner join origins
    on expected.month = origins.origin and expected.test_months = origins.test_months
inner join newest
    on
        origins.month = newest.month
        and origins.origin = newest.origin
        and expected.model = newest.model
inner join statements as starts
    on expected.customer_key = starts.customer_key and origins.origin = starts.month
inner join statements as ends
    on expected.customer_key = ends.customer_key and origins.month = ends.month
