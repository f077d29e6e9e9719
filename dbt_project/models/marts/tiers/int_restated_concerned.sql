{{ config(materialized='table') }}

-- Customers of whom something about a closed month was learned after it had been judged: balances,
-- accounts, their products or master data.
with

months as (
    select * from {{ ref('int_restated_months') }}
),

late_masters as (
    select
        account_key,
        customer_key,
    from {{ ref('stg_accounts') }}
    where
        known_on > (select min(first.judged_on) from months as first)
        and effective_on < date_trunc('month', known_on)
        and known_on < {{ window_end() }}
    union all
    select
        cast(null as bigint) as account_key,
        customer_key,
    from {{ ref('stg_customers') }}
    where
        known_on > (select min(first.judged_on) from months as first)
        and effective_on < date_trunc('month', known_on)
        and known_on < {{ window_end() }}
),

late_products as (
    select distinct product_id
    from {{ ref('stg_products') }}
    where
        known_on > (select min(first.judged_on) from months as first)
        and effective_on < date_trunc('month', known_on)
        and known_on < {{ window_end() }}
),

late_accounts as (
    select account_key from {{ ref('int_restated_changes') }}
    union
    select account_key from late_masters
    union
    select accounts.account_key
    from {{ ref('stg_accounts') }} as accounts
    inner join late_products on accounts.product_id = late_products.product_id
)

select customer_key from late_masters
union
select versions.customer_key
from {{ ref('stg_accounts') }} as versions
inner join late_accounts on versions.account_key = late_accounts.account_key
where versions.known_on < {{ window_end() }}
