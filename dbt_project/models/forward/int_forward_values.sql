{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Every model's word on every customer, by its newest good fit that was known by the month's end.
with

months as (
    {{ build_months() }}
),

in_force as (
    {{ fits_in_force('months') }}
),

customers as (
    select *
    from {{ ref('int_forward_customers') }}
    where month >= {{ window_month() }} and population <> 'gone'
),

asked as (
    {% for model, point in forward_models().items() if point -%}
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
    {% for name in forward_told() -%}
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
    cast(null as decimal(9, 6)) as alive,
    cast(null as decimal(28, 6)) as expected_purchases,
    cast(null as decimal(28, 2)) as expected_spend,
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
union all
select
    purchases.customer_key,
    purchases.month,
    purchases.judged_on,
    purchases.is_closed,
    purchases.population,
    purchases.model,
    'history' as point,
    purchases.fitted_in,
    {% for name in forward_told() -%}
    cast(purchases.{{ name }} as decimal(28, 2)) as {{ name }},
    {% endfor -%}
    cast(purchases.alive as decimal(9, 6)) as alive,
    cast(purchases.expected_purchases as decimal(28, 6)) as expected_purchases,
    cast(purchases.expected_spend as decimal(28, 2)) as expected_spend,
    in_force.horizon_months,
    in_force.test_months,
    in_force.discount_rate,
    in_force.interval_share,
    in_force.interval_quantile,
from {{ ref('int_forward_purchases') }} as purchases
inner join in_force on purchases.month = in_force.month and purchases.model = in_force.model
where purchases.month >= {{ window_month() }}
