{#
    Per customer, month and `keys`: the newest row of a staged table that was known on the day
    judged, by the day it speaks of (`happened`), then the day it became known.
    `columns`: what is wanted of it; `months`: relation like build_months().
#}
{% macro newest_known(rows, keys, happened, columns, months) -%}
    select
        picked.customer_key,
        picked.month,
        {% for key in keys -%}
        picked.{{ key[0] }},
        {% endfor -%}
        {{ unpack('picked.newest', columns) }}
    from (
        select
            known.customer_key,
            months.month,
            {% for key in keys -%}
            {{ key[1] }} as {{ key[0] }},
            {% endfor -%}
            max_by(
                {{ pack('known', columns) }},
                {{ version_order('known.' ~ happened, 'known.known_on') }}
            ) as newest,
        from {{ rows }} as known
        inner join {{ months }} as months
            on known.known_on < months.period_end and known.{{ happened }} < months.period_end
        group by
            known.customer_key, months.month{% for key in keys %}, {{ key[1] }}{% endfor %}
    ) as picked
{%- endmacro %}
