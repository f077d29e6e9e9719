{#
    Gamma-gamma over a history of `purchases` and what was spent on them in all: what is known of a
    customer's rate of spend. Reference: orchestration/value/gamma_gamma.py.
#}

{# The expected inverse of the rate; times p it is the expected amount of a further purchase. #}
{% macro inverse_rate(history, model) -%}
    ({{ model }}.gamma + {{ history }}.spend)
    / ({{ model }}.p * {{ history }}.purchases + {{ model }}.q - 1)
{%- endmacro %}

{# The expected square of the inverse, four times the squared inverse at most: it may have no bound. #}
{% macro inverse_rate_square(history, model) -%}
    {{ inverse_rate(history, model) }} * ({{ model }}.gamma + {{ history }}.spend)
    / greatest(
        {{ model }}.p * {{ history }}.purchases + {{ model }}.q - 2,
        ({{ model }}.p * {{ history }}.purchases + {{ model }}.q - 1) / 4
    )
{%- endmacro %}
