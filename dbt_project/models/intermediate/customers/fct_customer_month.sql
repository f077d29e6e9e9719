{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

{% set flows = ['transactions'] -%}
{% for flow in [
    'inflow', 'outflow', 'other_bank_inflow', 'other_bank_outflow', 'transfer_turnover',
    'own_transactions', 'income_transactions',
] -%}
{% do flows.extend([flow, 'late_' ~ flow]) -%}
{% endfor -%}
{% for kind in transaction_kinds() -%}
{% do flows.extend([kind ~ '_transactions', kind ~ '_amount']) -%}
{% endfor -%}
{% do flows.extend(['late_fee_amount', 'late_transfer_amount', 'late_insurance_amount']) -%}
{% for channel in transaction_channels() -%}
{% do flows.append(channel ~ '_transactions') -%}
{% endfor -%}
{% do flows.extend(['third_party_transactions', 'late_transactions', 'late_amount']) -%}
{% set activity = [] -%}
{% for flow in [
    'income', 'cost', 'logins', 'complaints', 'surveys', 'survey_score', 'leads',
    'unmet_interests',
] -%}
{% do activity.extend([flow, 'late_' ~ flow]) -%}
{% endfor -%}
{% set holdings = [
    'products_held', 'classes_held', 'accounts_open', 'accounts_ever', 'accounts_ending',
    'insurance_accounts_open',
    'loan_outstanding', 'loans_owed', 'days_past_due', 'loans_in_default',
] -%}
{% set parts = {
    'balances': 'int_customer_balances',
    'transactions': 'int_customer_transactions',
    'activity': 'int_customer_activity',
    'holdings': 'int_customer_holdings',
} -%}
with

months as (
    {{ build_months() }}
),

customers as (
    {{ in_force(ref('stg_customers'), 'customer_key', [
        'customer_type', 'opened_on', 'closed_on', 'risk_appetite', 'birth_date', 'region', 'area',
        'household_income', 'industry'
    ], 'months') }}
),

appearances as (
    select customer_key, month from customers
    {% for model in (parts.values() | list) + ['int_external_assets_learned'] -%}
    union
    select customer_key, month from {{ ref(model) }}
    {% endfor -%}
)

select
    appearances.customer_key,
    appearances.month,
    months.judged_on,
    months.days_judged,
    months.is_closed,
    customers.customer_type,
    customers.opened_on as relationship_opened_on,
    customers.closed_on as relationship_closed_on,
    customers.risk_appetite,
    -- The date of birth itself stays in staging.
    case
        when customers.birth_date <= months.judged_on
            then {{ whole_years('customers.birth_date', 'months.judged_on') }}
    end as age_years,
    customers.region,
    customers.area,
    customers.household_income,
    customers.industry,
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
    transactions.last_own_transaction_on,
    {% for measure in activity -%}
    coalesce(activity.{{ measure }}, 0) as {{ measure }},
    {% endfor -%}
    activity.first_lead_on,
    {% for measure in holdings -%}
    coalesce(holdings.{{ measure }}, 0) as {{ measure }},
    {% endfor -%}
    holdings.first_account_on,
    holdings.accounts_end_on,
from appearances
inner join months on appearances.month = months.month
left join customers
    on appearances.customer_key = customers.customer_key and appearances.month = customers.month
{% for part, model in parts.items() -%}
left join {{ ref(model) }} as {{ part }}
    on appearances.customer_key = {{ part }}.customer_key and appearances.month = {{ part }}.month
{% endfor -%}
