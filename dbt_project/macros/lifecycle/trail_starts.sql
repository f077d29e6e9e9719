{#
    Rows of the trail at the ends of months at which windows begin or end, as parts of a `with`
    clause: one per column of `terms` named in `ends`, with `at_month`, the month judged; and
    `returns`, of who came back, the row of the month before. Windows are differences of their
    totals (macro total_at), so no other month of the trail is read.
    `present`: relation (customer_key, month, reactivated_in) of those whose windows are wanted.
#}
{% macro trail_ends(present, trail, terms, totals, ends) -%}
    {% for end in ends -%}
    at_{{ end }} as (
        select
            earlier.customer_key,
            terms.month as at_month,
            {% for total in totals -%}
            earlier.{{ total }},
            {% endfor -%}
        from {{ trail }} as earlier
        inner join {{ terms }} as terms on earlier.month = terms.{{ end }}
        where earlier.month in (select judged.{{ end }} from {{ terms }} as judged)
    ),

    {% endfor -%}
    returns as (
        select
            present.customer_key,
            present.month as at_month,
            present.reactivated_in,
            {% for total in totals -%}
            earlier.{{ total }},
            {% endfor -%}
        from {{ present }} as present
        inner join {{ terms }} as terms on present.month = terms.month
        inner join {{ trail }} as earlier
            on
                present.customer_key = earlier.customer_key
                and {{ add_months('present.reactivated_in', -1) }} = earlier.month
        -- Windows that begin after the return do not ask for it.
        where
            present.reactivated_in > least(
                {% for end in ends -%}
                terms.{{ end }}{{ ',' if not loop.last }}
                {% endfor -%}
            )
    )
{%- endmacro %}

{% macro join_ends(ends) -%}
    {% for end in ends -%}
    left join at_{{ end }}
        on
            present.customer_key = at_{{ end }}.customer_key
            and present.month = at_{{ end }}.at_month
    {% endfor -%}
    left join returns
        on present.customer_key = returns.customer_key and present.month = returns.at_month
{%- endmacro %}

{# A total at the end of the month `end`, or before the return if that came later; 0 before all. #}
{% macro total_at(end, total) -%}
    coalesce(
        case
            when returns.reactivated_in > terms.{{ end }} then returns.{{ total }}
            else at_{{ end }}.{{ total }}
        end, 0
    )
{%- endmacro %}

{# What a total grew by between the ends of two months. #}
{% macro grown(total, since, until='month') -%}
    {{ total_at(until, total) }} - {{ total_at(since, total) }}
{%- endmacro %}
