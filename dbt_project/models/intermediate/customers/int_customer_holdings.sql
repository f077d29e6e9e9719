{{ config(materialized='table') }}

-- What customers hold and owe on the day judged, and since when. A repaid loan is owed no more,
-- whatever its last observation says; one written off still is.
with

months as (
    {{ build_months() }}
),

accounts as (
    select
        accounts.customer_key,
        accounts.month,
        count(distinct case when accounts.is_open then accounts.product_id end) as products_held,
        count(distinct case when accounts.is_open then accounts.product_class end)
            as classes_held,
        count(case when accounts.is_open then 1 end) as accounts_open,
        count(case when accounts.is_open and accounts.product_class = 'insurance' then 1 end)
            as insurance_accounts_open,
        count(case when accounts.opened_on <= months.judged_on then 1 end) as accounts_ever,
        min(case when accounts.opened_on <= months.judged_on then accounts.opened_on end)
            as first_account_on,
        count(case when accounts.is_open then accounts.closed_on end) as accounts_ending,
        max(case when accounts.is_open then accounts.closed_on end) as accounts_end_on,
    from {{ ref('int_accounts_in_force') }} as accounts
    inner join months on accounts.month = months.month
    group by accounts.customer_key, accounts.month
),

loans as (
    select
        customer_key,
        month,
        cast(sum(outstanding) as decimal(28, 2)) as loan_outstanding,
        count(*) as loans_owed,
        max(days_past_due) as days_past_due,
        count(case when in_default then 1 end) as loans_in_default,
    from {{ ref('int_loan_month') }}
    where month >= {{ window_month() }} and coalesce(status <> 'repaid', true)
    group by customer_key, month
),

appearances as (
    select customer_key, month from accounts
    union
    select customer_key, month from loans
)

select
    appearances.customer_key,
    appearances.month,
    coalesce(accounts.products_held, 0) as products_held,
    coalesce(accounts.classes_held, 0) as classes_held,
    coalesce(accounts.accounts_open, 0) as accounts_open,
    coalesce(accounts.insurance_accounts_open, 0) as insurance_accounts_open,
    coalesce(accounts.accounts_ever, 0) as accounts_ever,
    accounts.first_account_on,
    coalesce(accounts.accounts_ending, 0) as accounts_ending,
    accounts.accounts_end_on,
    coalesce(loans.loan_outstanding, 0) as loan_outstanding,
    coalesce(loans.loans_owed, 0) as loans_owed,
    coalesce(loans.days_past_due, 0) as days_past_due,
    coalesce(loans.loans_in_default, 0) as loans_in_default,
from appearances
left join accounts
    on appearances.customer_key = accounts.customer_key and appearances.month = accounts.month
left join loans
    on appearances.customer_key = loans.customer_key and appearances.month = loans.month
