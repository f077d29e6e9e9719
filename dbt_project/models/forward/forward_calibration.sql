{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

{% set tenth -%}
cast(floor(cast(before * {{ forward_parts() }} as double) / customers) as integer)
{%- endset -%}
with

placed as (
    select
        month,
        judged_on,
        origin,
        test_months,
        population,
        model,
        near_expected,
        happened,
        -- Equal expectations stand in the same tenth, whoever else there is.
        rank() over by_expected - 1 as before,
        count(*) over (partition by month, population, model) as customers,
    from {{ ref('int_forward_tested') }}
    where month >= {{ window_month() }}
    window by_expected as (partition by month, population, model order by near_expected)
)

select
    month,
    judged_on,
    origin,
    test_months,
    population,
    model,
    {{ tenth }} + 1 as tenth,
    count(*) as customers,
    cast(sum(near_expected) as decimal(28, 2)) as expected,
    cast(sum(happened) as decimal(28, 2)) as happened,
from placed
group by
    month, judged_on, origin, test_months, population, model,
    {{ tenth }}
