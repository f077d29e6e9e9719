{{ config(materialized='table') }}

-- Customers and closed months of which something was learned after the month had been judged:
-- balances, accounts, their products or master data.
with

months as (
    select * from {{ ref('int_restated_months') }}
),

late_products as (
    select distinct
        versions.product_id,
        months.month,
    from {{ ref('stg_products') }} as versions
    inner join months on {{ learned_late('versions', 'months') }}
),

late_accounts as (
    select
        account_key,
        month,
    from {{ ref('int_restated_changes') }}
    union
    select
        versions.account_key,
        months.month,
    from {{ ref('stg_accounts') }} as versions
    inner join months on {{ learned_late('versions', 'months') }}
    union
    select
        versions.account_key,
        late_products.month,
    from {{ ref('stg_accounts') }} as versions
    inner join late_products on versions.product_id = late_products.product_id
),

-- Whoever was the owner by any version: the account may have been somebody else's then.
concerned as (
    select
        versions.customer_key,
        late_accounts.month,
    from {{ ref('stg_accounts') }} as versions
    inner join late_accounts on versions.account_key = late_accounts.account_key
    where versions.known_on < {{ window_end() }}
    union
    select
        versions.customer_key,
        months.month,
    from {{ ref('stg_customers') }} as versions
    inner join months on {{ learned_late('versions', 'months') }}
)

select
    concerned.customer_key,
    concerned.month,
    months.period_end,
    min(concerned.month) over (partition by concerned.customer_key) as first_month,
from concerned
inner join months on concerned.month = months.month
