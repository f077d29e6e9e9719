{#
    The customer of rows whose account is not known yet: kept, so that totals tie to staging, and
    outside every population.
#}
{% macro unassigned() -%}0{%- endmacro %}
