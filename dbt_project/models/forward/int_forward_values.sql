{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Every model's word on every customer. A model speaks by its newest good fit that was known by the
-- month's end: one of the month itself exists once the month is closed.
{% set told = [
    'expected', 'error', 'deviation', 'near_expected', 'near_error', 'near_deviation'
] -%}
with

months as (
    {{ build_months() }}
),

fits as (
    select
        model,
        month,
        horizon_months,
        test_months,
        discount_rate,
        interval_share,
        interval_quantile,
    from {{ source('fits', 'model_fit') }}
    where is_good
),

newest as (
    select
        months.month,
        fits.model,
        max(fits.month) as fitted_in,
    from months
    inner join fits on months.month >= fits.month
    group by months.month, fits.model
),

in_force as (
    select
        newest.month,
        newest.fitted_in,
        fits.model,
        fits.horizon_months,
        fits.test_months,
        fits.discount_rate,
        fits.interval_share,
        fits.interval_quantile,
    from newest
    inner join fits on newest.model = fits.model and newest.fitted_in = fits.month
),

customers as (
    select *
    from {{ ref('int_forward_customers') }}
    where month >= {{ window_month() }} and population <> 'gone'
),

asked as (
    {% for model, point in forward_models().items() -%}
    {{ 'union all' if not loop.first }}
    select
        customers.customer_key,
        customers.month,
        customers.judged_on,
        customers.is_closed,
        customers.population,
        customers.margin,
        '{{ model }}' as model,
        {{ point }} as point,
    from customers
    {% endfor -%}
)

select
    asked.customer_key,
    asked.month,
    asked.judged_on,
    asked.is_closed,
    asked.population,
    asked.model,
    coalesce(points.point, 'unseen') as point,
    in_force.fitted_in,
    {% for name in told -%}
    {% set told_of = 'coalesce(points.' ~ name ~ ', unseen.' ~ name ~ ')' -%}
    {% set scale = 'asked.margin' if 'expected' in name else 'abs(asked.margin)' -%}
    cast(
        {{ told_of }} * case
            when coalesce(points.is_per_margin, unseen.is_per_margin)
                then cast({{ scale }} as double)
            else 1
        end as decimal(28, 2)
    ) as {{ name }},
    {% endfor -%}
    in_force.horizon_months,
    in_force.test_months,
    in_force.discount_rate,
    in_force.interval_share,
    in_force.interval_quantile,
from asked
inner join in_force on asked.month = in_force.month and asked.model = in_force.model
left join {{ source('fits', 'model_point') }} as points
    on
        in_force.fitted_in = points.month
        and asked.model = points.model
        and asked.point = points.point
left join {{ source('fits', 'model_point') }} as unseen
    on
        in_force.fitted_in = unseen.month
        and asked.model = unseen.model
        and unseen.point = 'unseen'
where
    asked.point is not null
    and coalesce(points.expected, unseen.expected) is not null
