{#
    Indicators of the value matrix by axis, and what each can be measured by: current value (当前价值),
    the cost that is taken off it (成本), and potential value (潜在价值).
#}
{% macro value_axes() -%}
    {{ return({
        'current': {
            'asset_business': ['loan_income', 'loans_outstanding', 'average_assets'],
            'liability_business': ['deposit_income', 'average_deposits'],
            'intermediary_service': ['intermediary_income'],
        },
        'cost': {
            'acquisition': ['acquisition_cost'],
            'maintenance': ['maintenance_cost'],
        },
        'potential': {
            'products': ['products_held', 'classes_held'],
            'mobile': ['mobile_uses'],
            'financial_assets': ['average_assets'],
        },
    }) }}
{%- endmacro %}

{# All indicators, in the axes' order: name -> measures. #}
{% macro value_indicators() -%}
    {%- set found = {} -%}
    {%- for indicators in value_axes().values() -%}
        {%- do found.update(indicators) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# A column of each indicator of an axis, added up. #}
{% macro value_sum(axis, column) -%}
    {{ return(value_axes()[axis].keys() | join(column ~ ' + ') ~ column) }}
{%- endmacro %}

{#
    What int_value_so_far adds up: name -> components of a month's contribution. Income on products
    of others that the bank sells is that of an intermediary. Rewards are costs where policy books
    them so; where they are income they belong to no business.
#}
{% macro value_totals() -%}
    {{ return({
        'loan_income': ['spread_loan', 'spread_card'],
        'deposit_income': ['spread_deposit', 'spread_demand', 'spread_time_deposit'],
        'intermediary_income': [
            'fee', 'card', 'agency', 'intermediary', 'spread_wealth', 'spread_fund',
            'spread_insurance', 'spread_bond',
        ],
        'acquisition_cost': ['acquisition', 'referral'],
        'maintenance_cost': ['service', 'maintenance', 'points'],
    }) }}
{%- endmacro %}

{# Columns that a window of months is a difference of: name -> type. #}
{% macro value_total_types() -%}
    {%- set types = {} -%}
    {%- for name in value_totals() -%}
        {%- do types.update({name: 'decimal(28, 2)'}) -%}
    {%- endfor -%}
    {%- do types.update({'mobile_uses': 'bigint'}) -%}
    {{ return(types) }}
{%- endmacro %}

{# What the totals go on from: columns of their closed months. #}
{% macro value_state() -%}
    {%- set state = {'customer_key': 'bigint', 'month': 'date'} -%}
    {%- for name, type in value_total_types().items() -%}
        {%- do state.update({'total_' ~ name: type}) -%}
    {%- endfor -%}
    {{ return(state) }}
{%- endmacro %}
