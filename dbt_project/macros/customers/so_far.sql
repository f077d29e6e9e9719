{#
    An aggregate of a customer's months in this run up to each one, over its window `so_far`. A
    daily run builds one month, of which it is the value itself: a window would sort for nothing.
#}
{% macro so_far(aggregate, value, by=none) -%}
    {%- if spans_months() -%}
        {{ aggregate }}({{ value }}{{ ', ' ~ by if by }}) over so_far
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}

{# A value of the month before in this run, in the same order; a run of one month has none. #}
{% macro one_before(value) -%}
    {%- if spans_months() -%}
        lag({{ value }}) over so_far
    {%- else -%}
        null
    {%- endif -%}
{%- endmacro %}
