{#
    Per customer and month, what a month learned of a staged flow: `name` sums events of the month
    itself, `late_name` those of earlier months. Every event counts in exactly one month.
    `day`: when an event happened; `measures`: (name, what is summed, type of the sum) each;
    `joins`: further relations that the measures read, one row per event at most.
#}
{% macro learned_flow(events, day, measures, joins='') -%}
    select
        learned.customer_key,
        learned.month,
        {% for name, _, type in measures -%}
        cast(sum(case when learned.is_late then 0 else learned.{{ name }} end) as {{ type }})
            as {{ name }},
        cast(sum(case when learned.is_late then learned.{{ name }} else 0 end) as {{ type }})
            as late_{{ name }},
        {% endfor -%}
    from (
        select
            events.customer_key,
            months.month,
            events.{{ day }} < months.month as is_late,
            {% for name, measure, _ in measures -%}
            case when events.version_sign < 0 then -({{ measure }}) else {{ measure }} end
                as {{ name }},
            {% endfor -%}
        from {{ events }} as events
        inner join months
            on events.known_on >= months.month and events.known_on < months.period_end
        {{ joins }}
        where events.known_on >= {{ window_month() }} and events.customer_key is not null
    ) as learned
    group by learned.customer_key, learned.month
{%- endmacro %}

{#
    Per customer and month, the first or last (`pick`: min, max) day of the events that a month
    learned of. A day counts if more of its events came than were taken back, so that a correction
    within the month moves it; a day that a closed month gave stays.
    `events`: like learned_flow's; the months stand in `months`.
#}
{% macro learned_days(events, day, pick, name) -%}
    select
        customer_key,
        month,
        {{ pick }}({{ day }}) as {{ name }},
    from (
        select
            events.customer_key,
            months.month,
            events.{{ day }},
        from {{ events }} as events
        inner join months
            on events.known_on >= months.month and events.known_on < months.period_end
        where events.known_on >= {{ window_month() }} and events.customer_key is not null
        group by events.customer_key, months.month, events.{{ day }}
        having sum(events.version_sign) > 0
    ) as days
    group by customer_key, month
{%- endmacro %}
