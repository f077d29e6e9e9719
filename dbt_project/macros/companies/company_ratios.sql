{# Items of a statement that ratios are made of. #}
{% macro statement_items() -%}
    {{ return([
        'total_assets', 'current_assets', 'inventory', 'receivables', 'total_liabilities',
        'current_liabilities', 'interest_bearing_debt', 'equity', 'sales', 'cost_of_sales',
        'total_cost', 'ebit', 'interest_expense', 'net_profit', 'operating_cash_inflow',
        'net_operating_cash_flow',
    ]) }}
{%- endmacro %}

{#
    Financial ratios of a company: name -> (above, below, where it is worst, where it is best). The
    items of the newest year stand by their names, those of the year before as item_before, net
    profit of three years before as net_profit_then. Averages of two balances stand as their sum
    against twice the flow; where the year before is not known, the closing balance counts twice.
    A ratio is measured where what is below the line is above 0; worst and best say what one without
    a value means, and come before; in all other cases it is missing, as it is where an item is.
#}
{% macro company_ratios() -%}
    {{ return({
        'debt_ratio': ('total_liabilities', 'total_assets', none, none),
        'current_ratio': ('current_assets', 'current_liabilities', none, 'below = 0'),
        'debt_to_ebit': ('interest_bearing_debt', 'ebit', 'below <= 0', none),
        'capitalisation': (
            'interest_bearing_debt', 'interest_bearing_debt + equity', 'below <= 0', none
        ),
        'interest_cover': (
            'ebit', 'interest_expense', 'below <= 0 and above < 0', 'below <= 0'
        ),
        'quick_ratio': (
            'current_assets - inventory', 'current_liabilities', none, 'below = 0'
        ),
        'cash_flow_to_debt': (
            'net_operating_cash_flow', 'interest_bearing_debt', 'below = 0 and above < 0',
            'below = 0',
        ),
        'return_on_equity': (
            twice('net_profit'), two_balances('equity'), 'below <= 0', none
        ),
        'sales_margin': ('net_profit', 'sales', 'below <= 0', none),
        'return_on_assets': (twice('ebit'), two_balances('total_assets'), none, none),
        'cost_to_sales': ('total_cost', 'sales', 'below <= 0', none),
        'profit_to_cost': ('ebit - interest_expense', 'total_cost', none, none),
        'cash_inflow_to_sales': ('operating_cash_inflow', 'sales', 'below <= 0', none),
        'asset_turnover': (twice('sales'), two_balances('total_assets'), none, none),
        'current_asset_turnover': (twice('sales'), two_balances('current_assets'), none, none),
        'inventory_turnover': (
            twice('cost_of_sales'), two_balances('inventory'), none, 'below = 0'
        ),
        'receivables_turnover': (
            twice('sales'), two_balances('receivables'), none, 'below = 0'
        ),
        'sales_growth': ('sales - sales_before', 'sales_before', none, none),
        'capital_accumulation': ('equity - equity_before', 'equity_before', none, none),
        'profit_growth': (
            'net_profit', 'net_profit_then', 'below > 0 and above <= 0', none
        ),
        'asset_growth': (
            'total_assets - total_assets_before', 'total_assets_before', none, none
        ),
    }) }}
{%- endmacro %}

{% macro twice(item) -%}
    {{ return(item ~ ' + ' ~ item) }}
{%- endmacro %}

{% macro two_balances(item) -%}
    {{ return(item ~ ' + coalesce(' ~ item ~ '_before, ' ~ item ~ ')') }}
{%- endmacro %}

{# Whether a ratio is measured, worst, best or missing; of columns name_above and name_below. #}
{% macro ratio_state(name, worst, best) -%}
    case
        when {{ name }}_above is null or {{ name }}_below is null then 'missing'
        {%- for state, condition in [('worst', worst), ('best', best)] if condition %}
        when {{ condition | replace('above', name ~ '_above') | replace('below', name ~ '_below') }}
            then '{{ state }}'
        {%- endfor %}
        when {{ name }}_below > 0 then 'measured'
        else 'missing'
    end
{%- endmacro %}

{# Its value, six decimals; growth of three years is what a year of them had to be. #}
{% macro ratio_value(name, column) -%}
    {%- if name == 'profit_growth' -%}
        {{ yearly_growth(column ~ '_above', column ~ '_below') }}
    {%- else -%}
        {{ ratio(column ~ '_above', column ~ '_below') }}
    {%- endif -%}
{%- endmacro %}

{#
    The third root of a quotient, less 1, rounded half up at six decimals. Both are money above 0.
    The root of binary floats is a first guess; whole numbers decide between it and its neighbours.
#}
{% macro yearly_growth(numerator, denominator) -%}
    {%- set above = whole_cents(numerator) -%}
    {%- set below = whole_cents(denominator) -%}
    {%- set guess = 'floor(power(cast(' ~ numerator ~ ' as double) / cast(' ~ denominator
        ~ ' as double), 1.0 / 3) * 1000000 + 0.5)' -%}
    {%- set root = whole(guess) -%}
    {%- set upper = '(2 * ' ~ root ~ ' + 1)' -%}
    {%- set lower = '(2 * ' ~ root ~ ' - 1)' -%}
    cast(
        {{ root }} + case
            when {{ upper }} * {{ upper }} * {{ upper }} * {{ below }} <= {{ eightfold(above) }} then 1
            when {{ lower }} * {{ lower }} * {{ lower }} * {{ below }} > {{ eightfold(above) }} then -1
            else 0
        end as decimal(18, 0)
    ) * cast(0.000001 as decimal(6, 6)) - 1
{%- endmacro %}

{# Eight quintillions of it: the third power of two million. #}
{% macro eightfold(cents) -%}
    {{ cents }} * 2000000 * 2000000 * 2000000
{%- endmacro %}

{% macro whole_cents(amount) -%}
    {{ whole(amount ~ ' * 100') }}
{%- endmacro %}

{# As a whole number of up to 38 digits. #}
{% macro whole(number) -%}
    {{ return(adapter.dispatch('whole', 'tenure')(number)) }}
{%- endmacro %}

{% macro default__whole(number) -%}
    cast({{ number }} as hugeint)
{%- endmacro %}

{% macro spark__whole(number) -%}
    cast({{ number }} as decimal(38, 0))
{%- endmacro %}
