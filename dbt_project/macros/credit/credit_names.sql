{# Characteristics that cards may ask: columns of credit_feature_month with numbers, and with codes. #}
{% macro credit_numbers() -%}
    {{ return([
        'age_years', 'household_income', 'tenure_months', 'assets_month', 'assets_short',
        'assets_middle', 'assets_long', 'deposits_short', 'deposits_long',
        'inflow_to_outflow_short', 'income_credits_short', 'own_transactions_short',
        'inflow_to_outflow_long', 'income_credits_long', 'own_transactions_long', 'logins_short',
        'complaints_long', 'months_since_transaction', 'products_held', 'loans_owed',
        'loan_outstanding', 'debt_to_income', 'loan_age_months', 'unpaid_share', 'days_past_due',
        'worst_days_middle', 'worst_days_long', 'past_due_months', 'asset_trend',
    ]) }}
{%- endmacro %}

{% macro credit_codes() -%}
    {{ return(['area']) }}
{%- endmacro %}

{# Columns of a score that name what cost most points. #}
{% macro credit_reasons() -%}
    {{ return(['reason_1', 'reason_2', 'reason_3', 'reason_4']) }}
{%- endmacro %}
