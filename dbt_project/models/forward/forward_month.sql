{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

{% set width = tested_width(
    forward_width('spoken.error', 'spoken.deviation', 'spoken.interval_quantile'), 'factors',
    bases='spoken.horizon_months / cast(spoken.test_months as double)'
) -%}
-- One value a customer: of the model that policy names for the population, or that did best there
-- when it was last tested.
with

months as (
    {{ build_months() }}
),

customers as (
    select * from {{ ref('int_forward_customers') }} where month >= {{ window_month() }}
),

wanted as (
    select
        month,
        population,
        model,
    from (
        {{ policy_in_force(ref('policy_forward_model'), 'months') }}
    ) as policies
),

versions as (
    {{ family_version('forward', 'months', [ref('policy_forward_model')]) }}
),

best as (
    {{ nearest_when_tested(ref('forward_backtest'), 'months') }}
),

named as (
    select
        wanted.month,
        wanted.population,
        wanted.model as policy_model,
        case when wanted.model = 'best' then coalesce(best.model, 'chain') else wanted.model end
            as model,
    from wanted
    left join best on wanted.month = best.month and wanted.population = best.population
),

spoken as (
    select * from {{ ref('int_forward_values') }} where month >= {{ window_month() }}
),

factors as (
    {{ factor_known('months') }}
),

-- Where the named model has no good fit, another one stands in.
chosen as (
    select
        named.month,
        named.population,
        named.policy_model,
        min_by(
            heard.model,
            case when heard.model = named.model then 0 else {{ forward_order('heard.model') }} end
        ) as model,
    from named
    left join (
        select distinct month, population, model from spoken
    ) as heard on named.month = heard.month and named.population = heard.population
    group by named.month, named.population, named.policy_model
)

select
    customers.customer_key,
    customers.month,
    customers.judged_on,
    customers.is_closed,
    customers.population,
    customers.state,
    customers.tenure_months,
    customers.margin,
    customers.margin_months,
    coalesce(chosen.policy_model, 'none') as policy_model,
    coalesce(spoken.model, 'none') as model,
    spoken.fitted_in,
    spoken.horizon_months,
    spoken.discount_rate,
    spoken.interval_share,
    case when customers.population = 'gone' then 0 else spoken.expected end as forward_value,
    spoken.error as value_error,
    spoken.deviation as value_deviation,
    {{ told_width('interval_factor', 'decimal(28, 6)', otherwise=1) }},
    {{ told_width('interval_base', 'decimal(28, 2)', otherwise=0) }},
    cast(spoken.expected - {{ width }} as decimal(28, 2)) as value_low,
    cast(spoken.expected + {{ width }} as decimal(28, 2)) as value_high,
    spoken.alive,
    spoken.expected_purchases,
    spoken.expected_spend,
    spoken.test_months,
    spoken.near_expected,
    versions.policy_version,
from customers
inner join versions on customers.month = versions.month
left join chosen
    on customers.month = chosen.month and customers.population = chosen.population
left join spoken
    on
        customers.customer_key = spoken.customer_key
        and customers.month = spoken.month
        and chosen.model = spoken.model
left join factors
    on
        spoken.month = factors.month
        and spoken.population = factors.population
        and spoken.model = factors.model
        and spoken.interval_share = factors.interval_share
