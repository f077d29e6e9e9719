{#
    Per customer and month, what a month learned of a staged flow: `name` sums events of the month
    itself, `late_name` those of earlier months. Every event counts in exactly one month.
    `day`: when an event happened; `measure`: what is summed; `type`: of the sums.
#}
{% macro learned_flow(events, day, measure, name, type) -%}
    select
        learned.customer_key,
        learned.month,
        cast(sum(case when learned.is_late then 0 else learned.measure end) as {{ type }})
            as {{ name }},
        cast(sum(case when learned.is_late then learned.measure else 0 end) as {{ type }})
            as late_{{ name }},
    from (
        select
            events.customer_key,
            months.month,
            events.{{ day }} < months.month as is_late,
            case when events.version_sign < 0 then -({{ measure }}) else {{ measure }} end as measure,
        from {{ events }} as events
        inner join months
            on events.known_on >= months.month and events.known_on < months.period_end
        where events.known_on >= {{ window_month() }}
    ) as learned
    group by learned.customer_key, learned.month
{%- endmacro %}
