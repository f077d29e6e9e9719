{{ config(materialized='table') }}

with

months as (
    {{ build_months() }}
),

accounts as (
    {{ in_force(ref('stg_accounts'), 'account_key', [
        'customer_key', 'product_id', 'opened_on', 'closed_on', 'status'
    ], 'months') }}
),

products as (
    {{ in_force(ref('stg_products'), 'product_id', ['product_class', 'asset_weight'], 'months') }}
)

select
    accounts.account_key,
    accounts.month,
    accounts.customer_key,
    accounts.product_id,
    coalesce(products.product_class, 'unknown') as product_class,
    coalesce(products.asset_weight, 0) as asset_weight,
    accounts.opened_on,
    accounts.closed_on,
    accounts.opened_on <= months.judged_on
    and coalesce(accounts.closed_on > months.judged_on, true)
    and accounts.status <> 'closed' as is_open,
from accounts
inner join months on accounts.month = months.month
left join products
    on accounts.product_id = products.product_id and accounts.month = products.month
