{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

origins as (
    select distinct origin as month
    from {{ ref('int_forward_tested') }}
    where month >= {{ window_month() }}
),

factors as (
    {{ factor_known('origins') }}
),

tested as (
    select
        *,
        near_expected - happened as miss,
        {{ middle_rank('near_expected') }} as expected_rank,
        {{ middle_rank('happened') }} as happened_rank,
    from {{ ref('int_forward_tested') }}
    where month >= {{ window_month() }}
    window
        by_expected as (partition by month, population, model order by near_expected),
        as_expected as (partition by month, population, model, near_expected),
        by_happened as (partition by month, population, model order by happened),
        as_happened as (partition by month, population, model, happened)
),

scaled as (
    select
        tested.*,
        coalesce(factors.interval_factor, 1) as interval_factor,
        coalesce(factors.interval_base, 0) as interval_base,
        {{ tested_width('tested.near_width', 'factors') }} as tested_width,
    from tested
    left join factors
        on
            tested.origin = factors.month
            and tested.population = factors.population
            and tested.model = factors.model
            and tested.interval_share = factors.interval_share
),

sums as (
    select
        month,
        judged_on,
        origin,
        test_months,
        interval_share,
        interval_quantile,
        interval_factor,
        interval_base,
        population,
        model,
        count(*) as customers,
        cast(sum(near_expected) as decimal(28, 2)) as expected,
        cast(sum(happened) as decimal(28, 2)) as happened,
        cast(sum(abs(miss)) as decimal(28, 2)) as misses,
        {{ square_sum('miss') }} as miss_squares,
        cast(sum(near_error) as decimal(28, 2)) as errors,
        {{ square_sum('near_deviation') }} as deviation_squares,
        sum(case when distance <= tested_width then 1 else 0 end) as covered,
        {{ rank_products('expected', 'expected') }} as expected_expected_ranks,
        {{ rank_products('happened', 'happened') }} as happened_happened_ranks,
        {{ rank_products('expected', 'happened') }} as expected_happened_ranks,
    from scaled
    group by
        month, judged_on, origin, test_months, interval_share, interval_quantile, population, model,
        interval_factor, interval_base
)

select
    month,
    judged_on,
    origin,
    test_months,
    population,
    model,
    customers,
    expected,
    happened,
    cast({{ forward_width('errors', 'sqrt(cast(deviation_squares as double))',
        'interval_quantile') }} as decimal(28, 2)) as interval_width,
    cast({{ ratio('(expected - happened)', 'abs(happened)') }} as decimal(28, 6))
        as aggregate_error,
    cast({{ divide_money('misses', 'customers', scale=2) }} as decimal(28, 2))
        as mean_absolute_error,
    cast(sqrt(cast(miss_squares as double) / customers) as decimal(28, 2))
        as root_mean_square_error,
    {{ rank_correlation('customers', 'expected_happened_ranks', 'expected_expected_ranks',
        'happened_happened_ranks') }} as rank_correlation,
    interval_share,
    cast(interval_factor as decimal(28, 6)) as interval_factor,
    cast(interval_base as decimal(28, 2)) as interval_base,
    cast({{ ratio('covered', 'customers') }} as decimal(28, 6)) as covered_share,
from sums
