{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

products as (
    {{ in_force(ref('stg_products'), 'product_id', ['ftp_spread'], 'months') }}
),

-- Debts stand with either sign; what the bank earns on them does not.
balances as (
    select
        accounts.customer_key,
        accounts.month,
        accounts.product_class,
        products.ftp_spread,
        case
            when accounts.product_class in ('loan', 'card') then abs(balances.balance_days)
            else balances.balance_days
        end as balance_days,
    from {{ ref('int_account_balance_month') }} as balances
    inner join {{ ref('int_accounts_in_force') }} as accounts
        on balances.account_key = accounts.account_key and balances.month = accounts.month
    inner join products
        on accounts.product_id = products.product_id and accounts.month = products.month
    where balances.month >= {{ window_month() }}
)

select
    customer_key,
    month,
    {% for class in balance_classes() -%}
    cast(
        sum(
            case
                when product_class = '{{ class }}'
                    then {{ weighted('balance_days', 'ftp_spread') }}
                else 0
            end
        ) as decimal(34, 8)
    ) as {{ class }}_spread_days,
    {% endfor -%}
    cast(
        sum(case when product_class in ('loan', 'card') then balance_days else 0 end)
        as decimal(28, 2)
    ) as owed_days,
from balances
group by customer_key, month
