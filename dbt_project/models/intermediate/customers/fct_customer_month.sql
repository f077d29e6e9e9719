{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

{% set flows = ['transactions', 'inflow', 'outflow'] -%}
{% for kind in transaction_kinds() -%}
{% do flows.extend([kind ~ '_transactions', kind ~ '_amount']) -%}
{% endfor -%}
{% for channel in transaction_channels() -%}
{% do flows.append(channel ~ '_transactions') -%}
{% endfor -%}
{% do flows.extend(['third_party_transactions', 'late_transactions', 'late_amount']) -%}
{% set activity = [
    'income', 'late_income', 'cost', 'late_cost', 'logins', 'late_logins', 'complaints',
    'late_complaints', 'products_held', 'classes_held', 'accounts_open'
] -%}
with

months as (
    {{ build_months() }}
),

customers as (
    {{ in_force(ref('stg_customers'), 'customer_key', [
        'customer_type', 'opened_on', 'closed_on'
    ], 'months') }}
),

appearances as (
    select customer_key, month from customers
    union
    select customer_key, month from {{ ref('int_customer_balances') }}
    union
    select customer_key, month from {{ ref('int_customer_transactions') }}
    union
    select customer_key, month from {{ ref('int_customer_activity') }}
)

select
    appearances.customer_key,
    appearances.month,
    months.judged_on,
    months.days_judged,
    months.is_closed,
    customers.customer_type,
    coalesce(
        customers.opened_on <= months.judged_on
        and coalesce(customers.closed_on > months.judged_on, true),
        false
    ) as in_population,
    {% for class in balance_classes() + ['unknown'] -%}
    coalesce(balances.{{ class }}_closing, 0) as {{ class }}_closing,
    coalesce(balances.{{ class }}_balance_days, 0) as {{ class }}_balance_days,
    {% endfor -%}
    coalesce(balances.weighted_closing, 0) as weighted_closing,
    coalesce(balances.weighted_balance_days, 0) as weighted_balance_days,
    {% for flow in flows -%}
    coalesce(transactions.{{ flow }}, 0) as {{ flow }},
    {% endfor -%}
    {% for measure in activity -%}
    coalesce(activity.{{ measure }}, 0) as {{ measure }},
    {% endfor -%}
from appearances
inner join months on appearances.month = months.month
left join customers
    on appearances.customer_key = customers.customer_key and appearances.month = customers.month
left join {{ ref('int_customer_balances') }} as balances
    on appearances.customer_key = balances.customer_key and appearances.month = balances.month
left join {{ ref('int_customer_transactions') }} as transactions
    on
        appearances.customer_key = transactions.customer_key
        and appearances.month = transactions.month
left join {{ ref('int_customer_activity') }} as activity
    on appearances.customer_key = activity.customer_key and appearances.month = activity.month
