{{ config(materialized='table') }}

with

balances as (
    select
        coalesce(accounts.customer_key, {{ unassigned() }}) as customer_key,
        balances.month,
        case
            when
                accounts.product_class in (
                    {% for class in balance_classes() -%}
                    '{{ class }}'{{ ',' if not loop.last }}
                    {% endfor -%}
                )
                then accounts.product_class
            else 'unknown'
        end as product_class,
        coalesce(accounts.asset_weight, 0) as asset_weight,
        balances.closing_balance,
        balances.balance_days,
    from {{ ref('int_account_balance_month') }} as balances
    left join {{ ref('int_accounts_in_force') }} as accounts
        on balances.account_key = accounts.account_key and balances.month = accounts.month
    where balances.month >= {{ window_month() }}
)

select
    customer_key,
    month,
    {% for class in balance_classes() + ['unknown'] -%}
    {% set amount = "case when product_class = '" ~ class ~ "' then {} else 0 end" -%}
    cast(sum({{ amount.format('closing_balance') }}) as decimal(28, 2)) as {{ class }}_closing,
    cast(sum({{ amount.format('balance_days') }}) as decimal(28, 2)) as {{ class }}_balance_days,
    {% endfor -%}
    cast(sum({{ weighted('closing_balance', 'asset_weight') }}) as decimal(34, 8))
        as weighted_closing,
    cast(sum({{ weighted('balance_days', 'asset_weight') }}) as decimal(34, 8))
        as weighted_balance_days,
from balances
group by customer_key, month
