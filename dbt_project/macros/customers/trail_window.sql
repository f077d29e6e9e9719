{#
    Per customer and month: what happened since another month's end, as the difference of two rows
    of the trail. A customer who came later is counted from the first month.
    `trail`: relation like fct_customer_trail; `columns`: totals without `total_`; `months`: relation
    with the months judged and, in column `since`, the month at whose end the window begins.
    Only those two months of the trail are read, however long it is.
#}
{% macro trail_window(trail, columns, months, since) -%}
    select
        now_known.customer_key,
        now_known.month,
        {% for column in columns -%}
        now_known.total_{{ column }} - coalesce(known_before.total_{{ column }}, 0) as {{ column }},
        {% endfor -%}
    from {{ trail }} as now_known
    inner join {{ months }} as months on now_known.month = months.month
    left join (
        {{ trail_before(trail, months, since) }}
    ) as known_before
        on
            now_known.customer_key = known_before.customer_key
            and months.{{ since }} = known_before.month
{%- endmacro %}

{# The trail at the month ends at which windows begin: what is subtracted. #}
{% macro trail_before(trail, months, since) -%}
    select * from {{ trail }} as earlier
    where earlier.month in (select starts.{{ since }} from {{ months }} as starts)
{%- endmacro %}
