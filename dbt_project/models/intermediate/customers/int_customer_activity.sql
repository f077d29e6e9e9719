{{ config(materialized='table') }}

-- What customers bring, cost and do apart from their accounts, and what they hold.
with

months as (
    {{ build_months() }}
),

income as (
    select
        items.customer_key,
        months.month,
        cast(sum(items.amount * items.version_sign) as decimal(18, 2)) as income,
    from {{ ref('stg_income_items') }} as items
    inner join months
        on
            items.booked_on >= months.month
            and items.booked_on < months.period_end
            and items.known_on < months.period_end
    where items.known_on >= {{ window_month() }}
    group by items.customer_key, months.month
),

cost as (
    select
        items.customer_key,
        months.month,
        cast(sum(items.amount * items.version_sign) as decimal(18, 2)) as cost,
    from {{ ref('stg_cost_items') }} as items
    inner join months
        on
            items.booked_on >= months.month
            and items.booked_on < months.period_end
            and items.known_on < months.period_end
    where items.known_on >= {{ window_month() }}
    group by items.customer_key, months.month
),

logins as (
    select
        logins.customer_key,
        months.month,
        cast(sum(logins.logins * logins.version_sign) as bigint) as logins,
    from {{ ref('stg_channel_logins') }} as logins
    inner join months
        on
            logins.login_on >= months.month
            and logins.login_on < months.period_end
            and logins.known_on < months.period_end
    where logins.known_on >= {{ window_month() }}
    group by logins.customer_key, months.month
),

contacts as (
    select
        events.customer_key,
        months.month,
        cast(
            sum(case when events.kind = 'complaint' then events.version_sign else 0 end) as bigint
        ) as complaints,
    from {{ ref('stg_interactions') }} as events
    inner join months
        on
            events.happened_on >= months.month
            and events.happened_on < months.period_end
            and events.known_on < months.period_end
    where events.known_on >= {{ window_month() }}
    group by events.customer_key, months.month
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
    coalesce(cost.cost, 0) as cost,
    coalesce(logins.logins, 0) as logins,
    coalesce(contacts.complaints, 0) as complaints,
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
