{{ config(materialized='table') }}

-- What customers bring, cost and do apart from their accounts, and what they hold. What is learned
-- of a month after its end counts as late in the month that learns it.
with

months as (
    {{ build_months() }}
),

income as (
    {{ learned_flow(
        ref('stg_income_items'), 'booked_on', 'events.amount', 'income', 'decimal(28, 2)'
    ) }}
),

cost as (
    {{ learned_flow(
        ref('stg_cost_items'), 'booked_on', 'events.amount', 'cost', 'decimal(28, 2)'
    ) }}
),

logins as (
    {{ learned_flow(ref('stg_channel_logins'), 'login_on', 'events.logins', 'logins', 'bigint') }}
),

contacts as (
    {{ learned_flow(
        ref('stg_interactions'), 'happened_on',
        "case when events.kind = 'complaint' then 1 else 0 end", 'complaints', 'bigint'
    ) }}
),

holdings as (
    select
        customer_key,
        month,
        count(distinct case when is_open then product_id end) as products_held,
        count(distinct case when is_open then product_class end) as classes_held,
        cast(sum(case when is_open then 1 else 0 end) as bigint) as accounts_open,
    from {{ ref('int_accounts_in_force') }}
    group by customer_key, month
),

appearances as (
    select customer_key, month from income
    union
    select customer_key, month from cost
    union
    select customer_key, month from logins
    union
    select customer_key, month from contacts
    union
    select customer_key, month from holdings
)

select
    appearances.customer_key,
    appearances.month,
    coalesce(income.income, 0) as income,
    coalesce(income.late_income, 0) as late_income,
    coalesce(cost.cost, 0) as cost,
    coalesce(cost.late_cost, 0) as late_cost,
    coalesce(logins.logins, 0) as logins,
    coalesce(logins.late_logins, 0) as late_logins,
    coalesce(contacts.complaints, 0) as complaints,
    coalesce(contacts.late_complaints, 0) as late_complaints,
    coalesce(holdings.products_held, 0) as products_held,
    coalesce(holdings.classes_held, 0) as classes_held,
    coalesce(holdings.accounts_open, 0) as accounts_open,
from appearances
left join income
    on appearances.customer_key = income.customer_key and appearances.month = income.month
left join cost
    on appearances.customer_key = cost.customer_key and appearances.month = cost.month
left join logins
    on appearances.customer_key = logins.customer_key and appearances.month = logins.month
left join contacts
    on appearances.customer_key = contacts.customer_key and appearances.month = contacts.month
left join holdings
    on appearances.customer_key = holdings.customer_key and appearances.month = holdings.month
