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

ends as (
    select
        customer_key,
        month,
        contribution,
        total_income - total_cost as total,
        months_known,
    from {{ ref('contribution_month') }}
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

starts as (
    select
        statements.customer_key,
        terms.month,
        statements.total_income - statements.total_cost as total,
    from {{ ref('contribution_month') }} as statements
    inner join terms
        on statements.month = {{ add_months('terms.month', '-terms.margin_months_wanted') }}
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

-- Salaries and pensions known before the months in which they make a customer one of an agency group.
trail_starts as (
    select
        trails.customer_key,
        terms.month,
        trails.total_income_transactions,
    from {{ ref('fct_customer_trail') }} as trails
    inner join terms
        on trails.month = {{ add_months('terms.month', '-terms.agency_months') }}
),

averaged as (
    select
        ends.customer_key,
        ends.month,
        ends.contribution,
        least(ends.months_known, terms.margin_months_wanted) as margin_months,
        ends.total - coalesce(starts.total, 0) as brought,
    from ends
    inner join terms on ends.month = terms.month
    left join starts on ends.customer_key = starts.customer_key and ends.month = starts.month
)

select
    verdicts.customer_key,
    verdicts.month,
    verdicts.judged_on,
    verdicts.is_closed,
    case
        when verdicts.stage = 'prospect' then 'prospect'
        when verdicts.stage = 'terminated' then 'gone'
        when
            coalesce(facts.loans_owed, 0) > 0
            or coalesce(facts.time_deposit_closing, 0) > 0
            or trails.total_income_transactions
            > coalesce(trail_starts.total_income_transactions, 0)
            then 'contract'
        when purchases.purchase_days > 0 then 'payments'
        else 'account'
    end as population,
    case
        when verdicts.stage = 'terminated' then 'gone'
        else verdicts.asset_tier || ' ' || verdicts.stage
    end as state,
    {{ months_between('trails.first_account_on', 'verdicts.month') }} as tenure_months,
    averaged.contribution,
    cast(averaged.margin_months as integer) as margin_months,
    cast(
        {{ divide_money('averaged.brought', 'averaged.margin_months', scale=2) }}
        as decimal(28, 2)
    ) as margin,
    coalesce(purchases.purchase_days, 0) as purchase_days,
    coalesce(purchases.spend, 0) as spend,
    cast(case when purchases.purchase_days = 1 then 0 else purchases.recency_days end as integer)
        as recency_days,
    cast(purchases.age_days as integer) as age_days,
from verdicts
inner join averaged
    on verdicts.customer_key = averaged.customer_key and verdicts.month = averaged.month
inner join trails
    on verdicts.customer_key = trails.customer_key and verdicts.month = trails.month
left join trail_starts
    on
        verdicts.customer_key = trail_starts.customer_key
        and verdicts.month = trail_starts.month
left join purchases
    on verdicts.customer_key = purchases.customer_key and verdicts.month = purchases.month
left join facts on verdicts.customer_key = facts.customer_key and verdicts.month = facts.month
