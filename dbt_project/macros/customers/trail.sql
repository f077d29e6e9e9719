{#
    What fct_customer_trail adds up: name -> (what a row of fct_customer_month adds, type). Flows
    count with what was learned late of earlier months, so that every event counts once.
#}
{% macro trail_totals() -%}
    {%- set totals = {} -%}
    {%- for name in [
        'own_transactions', 'income_transactions', 'logins', 'complaints', 'surveys',
        'survey_score', 'leads', 'unmet_interests',
    ] -%}
        {%- do totals.update({'total_' ~ name: (with_late(name), 'bigint')}) -%}
    {%- endfor -%}
    {%- set amounts = {
        'turnover': with_late('inflow') ~ ' + ' ~ with_late('outflow'),
        'inflow': with_late('inflow'),
        'outflow': with_late('outflow'),
        'other_bank_inflow': with_late('other_bank_inflow'),
        'other_bank_outflow': with_late('other_bank_outflow'),
        'transfer_turnover': with_late('transfer_turnover'),
        'insurance_premium': '-(' ~ with_late('insurance_amount') ~ ')',
        'fees': '-(' ~ with_late('fee_amount') ~ ')',
        'income': with_late('income'),
        'cost': with_late('cost'),
        'asset_balance_days': balance_days(asset_classes()),
        'deposit_balance_days': balance_days(deposit_classes()),
    } -%}
    {%- for name, expression in amounts.items() -%}
        {%- do totals.update({'total_' ~ name: (expression, 'decimal(28, 2)')}) -%}
    {%- endfor -%}
    {{ return(totals) }}
{%- endmacro %}

{# Its days: name -> (which one of a window counts, the same of two values). #}
{% macro trail_dates() -%}
    {{ return({
        'last_own_transaction_on': ('max', 'greatest'),
        'first_account_on': ('min', 'least'),
        'first_lead_on': ('min', 'least'),
    }) }}
{%- endmacro %}

{# What the trail goes on from: columns of its closed months, with their types. #}
{% macro trail_state() -%}
    {%- set state = {
        'customer_key': 'bigint',
        'month': 'date',
        'judged_on': 'date',
        'months_known': 'bigint',
        'days_known': 'bigint',
        'external_assets': 'decimal(18, 2)',
        'external_observed_on': 'date',
        'external_source': 'string',
    } -%}
    {%- for name, (_, type) in trail_totals().items() -%}
        {%- do state.update({name: type}) -%}
    {%- endfor -%}
    {%- for name in trail_dates() -%}
        {%- do state.update({name: 'date'}) -%}
    {%- endfor -%}
    {{ return(state) }}
{%- endmacro %}

{% macro with_late(flow) -%}
    {{ return('facts.' ~ flow ~ ' + facts.late_' ~ flow) }}
{%- endmacro %}

{% macro balance_days(classes) -%}
    {%- set columns = [] -%}
    {%- for class in classes -%}
        {%- do columns.append('facts.' ~ class ~ '_balance_days') -%}
    {%- endfor -%}
    {{ return(columns | join(' + ')) }}
{%- endmacro %}
