{#
    For every month, the version of each row of a staged master table (`versions`) that was in force on the day
    judged, as known then or, with `known_before` the window's end, as known now.
    `key`: its key column; `columns`: what is wanted of the version; `months`: a relation like
    build_months(), or with `by_key` one that names the months of each key. The version is picked
    as a whole: max_by of a single column would skip versions in which that column is null.
#}
{% macro in_force(
    versions, key, columns, months, known_before='months.period_end', by_key=false
) -%}
    select
        picked.{{ key }},
        picked.month,
        {{ unpack('picked.version', columns) }}
    from (
        select
            versions.{{ key }},
            months.month,
            max_by(
                {{ pack('versions', columns) }},
                {{ version_order('versions.effective_on', 'versions.known_on') }}
            ) as version,
        from {{ versions }} as versions
        inner join {{ months }} as months
            on
                versions.known_on < {{ known_before }}
                and versions.effective_on < months.period_end
                {{ 'and versions.' ~ key ~ ' = months.' ~ key if by_key }}
        group by versions.{{ key }}, months.month
    ) as picked
{%- endmacro %}

{# A struct's columns again, each with its comma. #}
{% macro unpack(struct, columns) -%}
    {% for column in columns -%}
    {{ struct }}.{{ column }} as {{ column }},
    {% endfor -%}
{%- endmacro %}

{# Several columns of a relation as one struct. #}
{% macro pack(relation, columns) -%}
    {{ return(adapter.dispatch('pack', 'tenure')(relation, columns)) }}
{%- endmacro %}

{% macro default__pack(relation, columns) -%}
    struct_pack(
        {%- for column in columns -%}
        {{ column }} := {{ relation }}.{{ column }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{% macro spark__pack(relation, columns) -%}
    named_struct(
        {%- for column in columns -%}
        '{{ column }}', {{ relation }}.{{ column }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
