{{ config(materialized='table') }}

-- fct_customer_month as known today, where something about a closed month was learned after it:
-- what was known then plus what was learned since.
{% set columns = ['closing', 'balance_days'] -%}
with

months as (
    select * from {{ ref('int_restated_months') }}
),

learned as (
    select * from {{ ref('int_restated_changes') }}
),

concerned as (
    select * from {{ ref('int_restated_concerned') }}
),

accounts_concerned as (
    select distinct
        owned.account_key,
        concerned.month,
        concerned.period_end,
    from {{ ref('stg_accounts') }} as owned
    inner join concerned on owned.customer_key = concerned.customer_key
),

accounts as (
    {{ in_force(ref('stg_accounts'), 'account_key', ['customer_key', 'product_id'],
        'accounts_concerned', known_before=window_end(), by_key=true) }}
),

products as (
    {{ in_force(ref('stg_products'), 'product_id', ['product_class', 'asset_weight'], 'months',
        known_before=window_end()) }}
),

customers as (
    {{ in_force(ref('stg_customers'), 'customer_key', [
        'customer_type', 'opened_on', 'closed_on'
    ], 'concerned', known_before=window_end(), by_key=true) }}
),

-- Only what is wanted is joined outwardly: a left join alone would read all accounts and months.
known as (
    select
        months.account_key,
        months.month,
        months.closing_balance,
        months.balance_days,
    from {{ ref('int_account_balance_month') }} as months
    inner join accounts_concerned
        on
            months.account_key = accounts_concerned.account_key
            and months.month = accounts_concerned.month
),

balances as (
    select
        accounts.customer_key,
        accounts.month,
        products.product_class,
        coalesce(products.asset_weight, 0) as asset_weight,
        coalesce(known.closing_balance, 0) + coalesce(learned.closing, 0) as closing,
        coalesce(known.balance_days, 0) + coalesce(learned.balance_days, 0) as balance_days,
    from accounts
    left join products
        on accounts.product_id = products.product_id and accounts.month = products.month
    left join known
        on accounts.account_key = known.account_key and accounts.month = known.month
    left join learned
        on accounts.account_key = learned.account_key and accounts.month = learned.month
)

select
    customers.customer_key,
    customers.month,
    months.judged_on,
    months.days_judged,
    true as is_closed,
    customers.customer_type,
    customers.opened_on <= months.judged_on
    and coalesce(customers.closed_on > months.judged_on, true) as in_population,
    {% for column in columns -%}
    {% for class in balance_classes() -%}
    cast(
        coalesce(
            sum(case when balances.product_class = '{{ class }}' then balances.{{ column }} end), 0
        ) as decimal(28, 2)
    ) as {{ class }}_{{ column }},
    {% endfor -%}
    cast(
        coalesce(sum({{ weighted('balances.' ~ column, 'balances.asset_weight') }}), 0)
        as decimal(34, 8)
    )
        as weighted_{{ column }},
    {% endfor -%}
from customers
inner join months on customers.month = months.month
left join balances
    on customers.customer_key = balances.customer_key and customers.month = balances.month
group by
    customers.customer_key, customers.month, months.judged_on, months.days_judged,
    customers.customer_type, customers.opened_on, customers.closed_on
