{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What forward value is worked out from, of everybody who is judged.
with

months as (
    {{ build_months() }}
),

terms as (
    {{ forward_terms('months') }}
),

facts as (
    select
        customer_key,
        month,
        loans_owed,
        time_deposit_closing,
    from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }}
),

verdicts as (
    select
        customer_key,
        month,
        judged_on,
        is_closed,
        asset_tier,
        stage,
    from {{ ref('customer_month') }}
    where month >= {{ window_month() }}
),

purchases as (
    select
        customer_key,
        month,
        purchase_days,
        spend,
        {{ days_between('first_purchase_on', 'last_purchase_on') }} as recency_days,
        {{ days_between('first_purchase_on', 'judged_on') }} as age_days,
    from {{ ref('fct_purchase_history') }}
    where month >= {{ window_month() }} and purchase_days > 0
),

trails as (
    select
        customer_key,
        month,
        first_account_on,
        total_income_transactions,
    from {{ ref('fct_customer_trail') }}
    where month >= {{ window_month() }}
),

-- Salaries and pensions known before the months in which they make an agency group's customer.
trail_starts as (
    select
        trails.customer_key,
        terms.month,
        trails.total_income_transactions,
    from {{ ref('fct_customer_trail') }} as trails
    inner join terms
        on trails.month = {{ add_months('terms.month', '-terms.agency_months') }}
),

margins as (
    {{ forward_margins('terms') }}
)

select
    verdicts.customer_key,
    verdicts.month,
    verdicts.judged_on,
    verdicts.is_closed,
    {{ forward_population('trail_starts') }} as population,
    case
        when verdicts.stage = 'terminated' then 'gone'
        else verdicts.asset_tier || ' ' || verdicts.stage
    end as state,
    {{ months_between('trails.first_account_on', 'verdicts.month') }} as tenure_months,
    margins.contribution,
    margins.margin_months,
    margins.margin,
    coalesce(purchases.purchase_days, 0) as purchase_days,
    coalesce(purchases.spend, 0) as spend,
    cast(case when purchases.purchase_days = 1 then 0 else purchases.recency_days end as integer)
        as recency_days,
    cast(purchases.age_days as integer) as age_days,
from verdicts
inner join margins
    on verdicts.customer_key = margins.customer_key and verdicts.month = margins.month
inner join trails
    on verdicts.customer_key = trails.customer_key and verdicts.month = trails.month
left join trail_starts
    on
        verdicts.customer_key = trail_starts.customer_key
        and verdicts.month = trail_starts.month
left join purchases
    on verdicts.customer_key = purchases.customer_key and verdicts.month = purchases.month
left join facts on verdicts.customer_key = facts.customer_key and verdicts.month = facts.month
