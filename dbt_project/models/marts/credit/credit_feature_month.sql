{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

terms as (
    {{ credit_terms('months') }}
),

facts as (
    select * from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }}
),

people as (
    {{ judged_population('facts', ref('fct_customer_trail'), 'months') }}
),

grown as (
    {{ credit_grown('people', ref('fct_customer_trail'), 'terms') }}
),

loans as (
    {{ credit_loans(ref('int_loan_month'), 'terms') }}
),

past_due as (
    select
        seen.customer_key,
        seen.month,
        max(
            case
                when seen.observed_on >= {{ add_months('terms.middle_since', 1) }}
                    then seen.days_past_due
            end
        ) as worst_days_middle,
        max(seen.days_past_due) as worst_days_long,
        count(distinct case when seen.days_past_due > 0 then seen.observed_on end)
            as past_due_months,
    from (
        {{ credit_observations(
            ref('int_loan_observed'), ref('int_loan_month'), 'terms', 'long_since'
        ) }}
    ) as seen
    inner join terms on seen.month = terms.month
    group by seen.customer_key, seen.month
),

measured as (
    select
        people.*,
        terms.policy_version,
        case
            when facts.loans_in_default > 0 then 'in_default'
            when loans.loans_written_off > 0 then 'written_off'
            when not (facts.in_population or facts.accounts_open > 0 or facts.loans_owed > 0)
                then 'no_relationship'
            when facts.age_years < terms.least_age then 'minor'
        end as left_out_for,
        facts.age_years,
        facts.area,
        facts.household_income,
        {{ whole_months('facts.relationship_opened_on', day_after('terms.judged_on')) }}
            as tenure_months,
        {% for window in ['before'] + credit_windows() -%}
        {{ average_balance(window, 'asset') }}
            as assets_{{ 'month' if window == 'before' else window }},
        {% endfor -%}
        {{ average_balance('short', 'deposit') }} as deposits_short,
        {{ average_balance('long', 'deposit') }} as deposits_long,
        {% for window in ['short', 'long'] -%}
        {{ inflow_to_outflow(window) }} as inflow_to_outflow_{{ window }},
        {{ monthly_rate(window, 'income_transactions') }} as income_credits_{{ window }},
        {{ monthly_rate(window, 'own_transactions') }} as own_transactions_{{ window }},
        {% endfor -%}
        {{ monthly_rate('short', 'logins') }} as logins_short,
        cast(grown.long_complaints as integer) as complaints_long,
        {{ whole_months('grown.last_own_transaction_on', day_after('terms.judged_on')) }}
            as months_since_transaction,
        cast(facts.products_held as integer) as products_held,
        cast(facts.loans_owed as integer) as loans_owed,
        facts.loan_outstanding,
        {{ share_of_positive('facts.loan_outstanding', 'facts.household_income') }}
            as debt_to_income,
        {{ whole_months('loans.first_granted_on', day_after('terms.judged_on')) }}
            as loan_age_months,
        {{ share_of_positive('facts.loan_outstanding', 'loans.granted') }} as unpaid_share,
        cast(facts.days_past_due as integer) as days_past_due,
        cast(past_due.worst_days_middle as integer) as worst_days_middle,
        cast(past_due.worst_days_long as integer) as worst_days_long,
        cast(past_due.past_due_months as integer) as past_due_months,
    from people
    inner join terms on people.month = terms.month
    inner join facts
        on
            people.customer_key = facts.customer_key
            and people.month = facts.month
            and facts.customer_type = 'retail'
    inner join grown on people.customer_key = grown.customer_key and people.month = grown.month
    left join loans on people.customer_key = loans.customer_key and people.month = loans.month
    left join past_due
        on people.customer_key = past_due.customer_key and people.month = past_due.month
)

select
    *,
    {{ share_of_positive('(assets_short - assets_long)', 'assets_long') }} as asset_trend,
    case
        when left_out_for is not null then 'none'
        when loans_owed > 0 then 'behavioural'
        else 'application'
    end as population,
from measured
