{#
    How much what customers spend scatters: whether and how often they buy, and how much each time.
    Over alive, shape (of the rate of purchases), p and the moments of the inverse rate of spend.
    `count`: expected purchases of who still buys. Reference: orchestration/forward/formula.py.
#}
{% macro purchase_variance(count) -%}
    {%- set number = '(alive * ' ~ count ~ ')' -%}
    {%- set variance = '(' ~ number ~ ' + alive * ' ~ count ~ ' * ' ~ count ~ ' * (1 + 1 / shape) - '
        ~ number ~ ' * ' ~ number ~ ')' -%}
    {{ number }} * p * inverse_rate_square
    + ({{ variance }} + {{ number }} * {{ number }}) * p * p
    * (inverse_rate_square - inverse_rate * inverse_rate)
    + {{ variance }} * p * inverse_rate * p * inverse_rate
{%- endmacro %}

{# The sum of squared discounts of months 1 to n: geometric, and n at a discount of 1. #}
{% macro squares_of_months(months, discount) -%}
    case
        when {{ discount }} = 1 then {{ months }}
        else {{ discount }} * {{ discount }} * (1 - power({{ discount }}, 2 * {{ months }}))
            / (1 - {{ discount }} * {{ discount }})
    end
{%- endmacro %}
