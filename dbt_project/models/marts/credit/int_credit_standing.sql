{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What may stand against lending to somebody, whatever a score or a rating says.
with

months as (
    {{ build_months() }}
),

facts as (
    select * from {{ ref('fct_customer_month') }} where month >= {{ window_month() }}
),

loans as (
    {{ credit_loans(ref('int_loan_month'), 'months') }}
),

features as (
    select
        customer_key,
        month,
        left_out_for,
    from {{ ref('credit_feature_month') }}
    where month >= {{ window_month() }}
)

select
    people.customer_key,
    people.month,
    people.judged_on,
    people.is_closed,
    facts.customer_type,
    cast(facts.days_past_due as integer) as days_past_due,
    coalesce(facts.loans_in_default > 0, false) as is_in_default,
    coalesce(loans.loans_written_off > 0, false) as is_written_off,
    coalesce(facts.in_population or facts.accounts_open > 0 or facts.loans_owed > 0, false)
        as is_customer,
    coalesce(features.left_out_for = 'minor', false) as is_minor,
from {{ ref('customer_month') }} as people
left join facts on people.customer_key = facts.customer_key and people.month = facts.month
left join loans on people.customer_key = loans.customer_key and people.month = loans.month
left join features
    on people.customer_key = features.customer_key and people.month = features.month
where people.month >= {{ window_month() }}
