{# A share of up to four decimals as a whole number of ten-thousandths: a divisor for divide_money. #}
{% macro in_parts(share) -%}
    cast({{ share }} * 10000 as integer)
{%- endmacro %}

{# The same back, with the six decimals of every share. #}
{% macro from_parts(parts) -%}
    cast({{ parts }} * 0.0001 as decimal(9, 6))
{%- endmacro %}
