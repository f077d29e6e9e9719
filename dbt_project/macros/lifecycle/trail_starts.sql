{#
    Rows of the trail at which windows begin, as parts of a `with` clause: one per column of `terms`
    named in `starts`, with `at_month`, the month judged; and `returns`, of who came back, the row of
    the month before.
#}
{% macro trail_starts(present, trail, terms, starts) -%}
    {% for start in starts -%}
    at_{{ start }} as (
        select
            {% for name in lifecycle_totals() -%}
            earlier.{{ name }},
            {% endfor -%}
            earlier.customer_key,
            terms.month as at_month,
        from {{ trail }} as earlier
        inner join {{ terms }} as terms on earlier.month = terms.{{ start }}
        where earlier.month in (select begins.{{ start }} from {{ terms }} as begins)
    ),

    {% endfor -%}
    returns as (
        select
            {% for name in lifecycle_totals() -%}
            earlier.{{ name }},
            {% endfor -%}
            present.customer_key,
            present.month as at_month,
            present.reactivated_in,
        from {{ present }} as present
        inner join {{ terms }} as terms on present.month = terms.month
        inner join {{ trail }} as earlier
            on
                present.customer_key = earlier.customer_key
                and {{ add_months('present.reactivated_in', -1) }} = earlier.month
        -- Windows that begin after the return do not ask for it.
        where
            present.reactivated_in > least(
                {% for start in starts -%}
                terms.{{ start }}{{ ',' if not loop.last }}
                {% endfor -%}
            )
    )
{%- endmacro %}

{% macro join_starts(starts) -%}
    {% for start in starts -%}
    left join at_{{ start }}
        on
            present.customer_key = at_{{ start }}.customer_key
            and present.month = at_{{ start }}.at_month
    {% endfor -%}
    left join returns
        on present.customer_key = returns.customer_key and present.month = returns.at_month
{%- endmacro %}

{# A total at the end of the month `start`, or at the return if that came later; nothing before. #}
{% macro total_at(start, total) -%}
    coalesce(
        case
            when returns.reactivated_in > terms.{{ start }} then returns.{{ total }}
            else at_{{ start }}.{{ total }}
        end, 0
    )
{%- endmacro %}
