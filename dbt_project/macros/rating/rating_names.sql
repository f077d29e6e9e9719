{# Blocks of the corporate rating (客户信用等级) by part. #}
{% macro rating_blocks() -%}
    {{ return({
        'quantitative': ['solvency', 'result', 'operation', 'growth'],
        'qualitative': ['market', 'management', 'business', 'standing', 'prospects'],
    }) }}
{%- endmacro %}

{# Levels of the benchmarks, the best first. #}
{% macro rating_levels() -%}
    {{ return(['excellent', 'good', 'average', 'low', 'poor']) }}
{%- endmacro %}

{#
    Conditions that knock out, as they are asked of int_rating_company (company) and rating_terms
    (terms).
#}
{% macro rating_knockouts() -%}
    {{ return({
        'loan_in_default': 'company.loans_in_default > 0',
        'past_due': 'company.days_past_due >= terms.past_due_days',
        'equity_gone': 'company.equity <= 0',
        'two_losses': 'company.net_profit < 0 and company.net_profit_before < 0',
        'unaudited': 'not company.is_audited',
    }) }}
{%- endmacro %}
