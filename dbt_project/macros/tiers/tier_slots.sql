{# Columns of customer_month that policy_customer_tier fills with a scheme's tier. #}
{% macro tier_slots() -%}
    {{ return(['deposit', 'asset', 'mass']) }}
{%- endmacro %}
