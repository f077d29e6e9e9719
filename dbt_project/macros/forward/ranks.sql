{#
    Rank correlation (Spearman) of two columns from sums of whole numbers, which are the same in any
    order of rows.
#}

{# Twice the average place of a value among all of its group, ties sharing one; over named windows. #}
{% macro middle_rank(column) -%}
    {%- set name = column | replace('near_', '') -%}
    2 * rank() over by_{{ name }} + count(*) over as_{{ name }} - 1
{%- endmacro %}

{# The sum of products of such places. #}
{% macro rank_products(one, other) -%}
    sum(cast({{ one }}_rank as decimal(18, 0)) * cast({{ other }}_rank as decimal(18, 0)))
{%- endmacro %}

{# Of sums of products of such places; null where all are alike. #}
{% macro rank_correlation(customers, both, one, other) -%}
    {%- set level = '(cast(' ~ customers ~ ' as double) * (' ~ customers ~ ' + 1) * ('
        ~ customers ~ ' + 1))' -%}
    {%- set spread = '(cast({} as double) - ' ~ level ~ ')' -%}
    cast(
        case
            when {{ spread.format(one) }} > 0 and {{ spread.format(other) }} > 0
                then {{ spread.format(both) }}
                    / sqrt({{ spread.format(one) }} * {{ spread.format(other) }})
        end as decimal(28, 6)
    )
{%- endmacro %}
