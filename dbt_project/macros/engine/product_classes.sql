{# Classes of products that hold balances (see the contract), and those that hold none. #}
{% macro balance_classes() -%}
    {{ return(['demand', 'time_deposit', 'wealth', 'fund', 'insurance', 'bond', 'loan', 'card']) }}
{%- endmacro %}

{# Of those, what customers own: all of it, and the part that is deposits. #}
{% macro asset_classes() -%}
    {{ return(deposit_classes() + ['wealth', 'fund', 'insurance', 'bond']) }}
{%- endmacro %}

{% macro deposit_classes() -%}
    {{ return(['demand', 'time_deposit']) }}
{%- endmacro %}

{% macro service_classes() -%}
    {{ return(['e_channel', 'agency']) }}
{%- endmacro %}

{% macro transaction_kinds() -%}
    {{ return([
        'payment', 'transfer', 'cash', 'bill', 'interest', 'fee', 'salary', 'pension', 'repayment',
        'insurance', 'investment', 'other',
    ]) }}
{%- endmacro %}

{% macro transaction_channels() -%}
    {{ return([
        'counter', 'atm', 'pos', 'net', 'mobile', 'phone', 'tv', 'wechat', 'direct_link', 'system',
    ]) }}
{%- endmacro %}
