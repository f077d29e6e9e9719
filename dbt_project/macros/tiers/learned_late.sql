{#
    True where a row became known after a closed month that it speaks of had been judged.
    `rows`: relation with effective_on and known_on; `months`: like int_restated_months.
#}
{% macro learned_late(rows, months) -%}
    {{ rows }}.known_on >= {{ months }}.period_end
    and {{ rows }}.known_on < {{ window_end() }}
    and {{ rows }}.effective_on < {{ months }}.period_end
    {# Follows from these; without it every row in order would be compared with every month. #}
    and {{ rows }}.effective_on < date_trunc('month', {{ rows }}.known_on)
{%- endmacro %}
