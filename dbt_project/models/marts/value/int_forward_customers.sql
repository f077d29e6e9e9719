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

starts as (
    select
        statements.customer_key,
        terms.month,
        statements.total_income - statements.total_cost as total,
    from {{ ref('contribution_month') }} as statements
    inner join terms
        on statements.month = {{ add_months('terms.month', '-terms.margin_months_wanted') }}
),

first_accounts as (
    select
        customer_key,
        month,
        first_account_on,
    from {{ ref('fct_customer_trail') }}
    where month >= {{ window_month() }}
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
        when coalesce(facts.loans_owed, 0) > 0 or coalesce(facts.time_deposit_closing, 0) > 0
            then 'contract'
        else 'account'
    end as population,
    case
        when verdicts.stage = 'terminated' then 'gone'
        else verdicts.asset_tier || ' ' || verdicts.stage
    end as state,
    {{ months_between('first_accounts.first_account_on', 'verdicts.month') }} as tenure_months,
    averaged.contribution,
    cast(averaged.margin_months as integer) as margin_months,
    cast(
        {{ divide_money('averaged.brought', 'averaged.margin_months', scale=2) }}
        as decimal(28, 2)
    ) as margin,
from verdicts
inner join averaged
    on verdicts.customer_key = averaged.customer_key and verdicts.month = averaged.month
inner join first_accounts
    on
        verdicts.customer_key = first_accounts.customer_key
        and verdicts.month = first_accounts.month
left join facts on verdicts.customer_key = facts.customer_key and verdicts.month = facts.month
