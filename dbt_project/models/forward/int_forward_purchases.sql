{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What purchase models say of customers: purchases to come, times what one brings.
{% set parts = 4 -%}
{% set days_a_month = 365.2425 / 12 -%}
{% set numbers = [
    'r', 'alpha', 'a', 'b', 's', 'beta', 'p', 'q', 'gamma', 'margin_rate', 'spend_scatter', 'unsure',
] -%}
with

months as (
    {{ build_months() }}
),

in_force as (
    select *
    from (
        {{ fits_in_force('months') }}
    ) as every_model
    where model in ('beta_geometric', 'pareto')
),

-- A fit holds for all months in which it is in force.
fits as (
    select
        terms.model as purchase_model,
        terms.fitted_in,
        terms.model || ' ' || cast(terms.fitted_in as string) as model,
        terms.horizon_months,
        terms.test_months,
        power(1 + cast(terms.discount_rate as double), -1 / cast(12 as double)) as discount,
        {% for name in numbers -%}
        max(case when parameters.parameter = '{{ name }}' then parameters.value end) as {{ name }},
        {% endfor -%}
    from (
        select distinct
            model,
            fitted_in,
            horizon_months,
            test_months,
            discount_rate,
        from in_force
    ) as terms
    inner join {{ source('fits', 'model_parameter') }} as parameters
        on terms.model = parameters.model and terms.fitted_in = parameters.month
    group by
        terms.model, terms.fitted_in, terms.horizon_months, terms.test_months, terms.discount_rate
),

histories as (
    select
        customers.customer_key,
        customers.month,
        customers.judged_on,
        customers.is_closed,
        customers.population,
        in_force.fitted_in,
        in_force.model as purchase_model,
        in_force.model || ' ' || cast(in_force.fitted_in as string) as model,
        cast(customers.purchase_days as double) as purchases,
        cast(customers.purchase_days - 1 as double) as frequency,
        cast(customers.recency_days as double) as recency,
        cast(customers.age_days as double) as age,
        cast(greatest(customers.spend, 0) as double) as spend,
    from {{ ref('int_forward_customers') }} as customers
    inner join in_force on customers.month = in_force.month
    where customers.month >= {{ window_month() }} and customers.population = 'payments'
),

-- Purchases of a horizon's parts, each discounted as those of its middle, paid at a month's end;
-- taken apart into those up to each part's end, which are what models say.
steps as (
    select
        model,
        purchase_model,
        ahead,
        sum(far_weight) as far_weight,
        sum(far_end) as far_end,
        sum(near_end) as near_end,
    from (
        {% for part in range(1, parts + 1) -%}
        select
            model,
            purchase_model,
            horizon_months * {{ part }} / cast({{ parts }} as double) * {{ days_a_month }} as ahead,
            power(discount, horizon_months * {{ part - 0.5 }} / {{ parts }} + 0.5)
            {%- if part < parts %}
            - power(discount, horizon_months * {{ part + 0.5 }} / {{ parts }} + 0.5)
            {%- endif %} as far_weight,
            {{ 1 if part == parts else 0 }} as far_end,
            0 as near_end,
        from fits
        union all
        {% endfor -%}
        select
            model,
            purchase_model,
            test_months * cast({{ parts }} as double) / {{ parts }} * {{ days_a_month }} as ahead,
            0 as far_weight,
            0 as far_end,
            1 as near_end,
        from fits
    ) as ends
    group by model, purchase_model, ahead
),

asked as (
    select distinct
        model,
        purchase_model,
        frequency,
        age,
    from histories
),

beta_geometric_asked as (
    select * from asked where purchase_model = 'beta_geometric'
),

purchases as (
    select * from (
        {{ beta_geometric_purchases('beta_geometric_asked', 'fits', 'steps') }}
    ) as beta_geometric_purchases
    union all
    select
        asked.model,
        asked.frequency,
        asked.age,
        steps.ahead,
        {{ pareto_purchases('asked', 'fits', 'steps.ahead') }} as purchases,
    from asked
    inner join fits on asked.model = fits.model
    inner join steps on asked.model = steps.model
    where asked.purchase_model = 'pareto'
),

counts as (
    select
        purchases.model,
        purchases.frequency,
        purchases.age,
        cast(sum({{ exact('purchases.purchases * steps.far_weight') }}) as double) as discounted,
        cast(sum({{ exact('purchases.purchases * steps.far_end') }}) as double) as far_count,
        cast(sum({{ exact('purchases.purchases * steps.near_end') }}) as double) as near_count,
    from purchases
    inner join steps on purchases.model = steps.model and purchases.ahead = steps.ahead
    group by purchases.model, purchases.frequency, purchases.age
),

pareto_asked as (
    select distinct
        model,
        frequency,
        recency,
        age,
    from histories
    where purchase_model = 'pareto'
),

pareto_staying as (
    {{ pareto_alive('pareto_asked', 'fits') }}
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
        case when far_count > 0 then discounted / far_count else 1 end as kept,
        spend_scatter * alive * far_count * expected_spend / horizon_months as far_month_scatter,
        spend_scatter * alive * near_count * expected_spend / test_months as near_month_scatter,
    from buyers
)

select
    customer_key,
    month,
    judged_on,
    is_closed,
    population,
    purchase_model as model,
    fitted_in,
    alive,
    alive * far_count as expected_purchases,
    expected_spend,
    alive * discounted * expected_spend * margin_rate as expected,
    unsure * abs(alive * discounted * expected_spend * margin_rate) as error,
    sqrt(
        margin_rate * kept * margin_rate * kept * far_variance
        + far_month_scatter * far_month_scatter * {{ squares_of_months('horizon_months', 'discount') }}
    ) as deviation,
    alive * near_count * expected_spend * margin_rate as near_expected,
    unsure * abs(alive * near_count * expected_spend * margin_rate) as near_error,
    sqrt(
        margin_rate * margin_rate * near_variance
        + near_month_scatter * near_month_scatter * test_months
    ) as near_deviation,
from scattered
