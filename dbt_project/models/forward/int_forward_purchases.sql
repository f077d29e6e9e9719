{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What purchase models say of customers: purchases to come, times what one brings.
with

months as (
    {{ build_months() }}
),

in_force as (
    {{ fits_in_force('months', ['beta_geometric', 'pareto']) }}
),

fits as (
    {{ purchase_fits('in_force') }}
),

histories as (
    select
        customers.customer_key,
        customers.month,
        customers.judged_on,
        customers.is_closed,
        in_force.fitted_in,
        in_force.model as purchase_model,
        {{ purchase_fit('in_force') }} as model,
        cast(customers.purchase_days as double) as purchases,
        cast(customers.purchase_days - 1 as double) as frequency,
        cast(customers.recency_days as double) as recency,
        cast(customers.age_days as double) as age,
        cast(greatest(customers.spend, 0) as double) as spend,
    from {{ ref('int_forward_customers') }} as customers
    inner join in_force on customers.month = in_force.month
    where customers.month >= {{ window_month() }} and customers.population = 'payments'
),

counts as (
    {{ purchase_counts('histories', 'fits') }}
),

pareto_histories as (
    {{ histories_of('pareto', 'histories') }}
),

pareto_staying as (
    {{ pareto_alive('pareto_histories', 'fits') }}
),

buyers as (
    select
        histories.*,
        counts.discounted,
        counts.far_count,
        counts.near_count,
        case
            when histories.purchase_model = 'pareto' then pareto_staying.alive
            else {{ beta_geometric_alive('histories', 'fits') }}
        end as alive,
        fits.p * {{ inverse_rate('histories', 'fits') }} as expected_spend,
        fits.r + histories.frequency as shape,
        {{ inverse_rate('histories', 'fits') }} as inverse_rate,
        {{ inverse_rate_square('histories', 'fits') }} as inverse_rate_square,
        fits.p,
        fits.margin_rate,
        fits.unsure,
        fits.spend_scatter,
        fits.test_months,
        fits.discount,
        fits.horizon_months,
    from histories
    inner join fits on histories.model = fits.model
    inner join counts
        on
            histories.model = counts.model
            and histories.frequency = counts.frequency
            and histories.age = counts.age
    left join pareto_staying
        on
            histories.model = pareto_staying.model
            and histories.frequency = pareto_staying.frequency
            and histories.recency = pareto_staying.recency
            and histories.age = pareto_staying.age
),

scattered as (
    select
        *,
        {{ purchase_variance('far_count') }} as far_variance,
        {{ purchase_variance('near_count') }} as near_variance,
        case when far_count > 0 then margin_rate * discounted / far_count else 0 end as kept,
        spend_scatter * alive * far_count * expected_spend / horizon_months as far_month_scatter,
        spend_scatter * alive * near_count * expected_spend / test_months as near_month_scatter,
    from buyers
)

select
    customer_key,
    month,
    judged_on,
    is_closed,
    'payments' as population,
    purchase_model as model,
    fitted_in,
    alive,
    alive * far_count as expected_purchases,
    expected_spend,
    alive * discounted * expected_spend * margin_rate as expected,
    unsure * abs(alive * discounted * expected_spend * margin_rate) as error,
    sqrt(
        kept * kept * far_variance
        + far_month_scatter * far_month_scatter
        * {{ squares_of_months('horizon_months', 'discount') }}
    ) as deviation,
    alive * near_count * expected_spend * margin_rate as near_expected,
    unsure * abs(alive * near_count * expected_spend * margin_rate) as near_error,
    sqrt(
        margin_rate * margin_rate * near_variance
        + near_month_scatter * near_month_scatter * test_months
    ) as near_deviation,
from scattered
