{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What is known of a customer, added up since the first month that knew of one. Any window of
-- months is a difference of two rows, however long it is and wherever it ends.
{% set totals = trail_totals() -%}
{% set dates = trail_dates() -%}
{% set observed = ['external_assets', 'external_observed_on', 'external_source'] -%}
with

months as (
    {{ build_months() }}
),

state as (
    select *
    from (
        {{ closed_months(this.name, trail_state()) }}
    ) as closed
    where month = {{ add_months(window_month(), -1) }}
),

facts as (
    select * from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }} and customer_key <> {{ unassigned() }}
),

-- The closed month's observation stands before what each month learned.
observations as (
    select
        arrivals.customer_key,
        arrivals.month,
        max_by(
            {{ pack('arrivals', observed) }},
            {{ observation_order('external_observed_on', 'external_source', 'known_on') }}
        ) as newest,
        max({{ observation_order('external_observed_on', 'external_source', 'known_on') }})
            as newest_order,
    from (
        select
            customer_key,
            {{ window_month() }} as month,
            judged_on as known_on,
            {{ observed | join(', ') }},
        from state
        where external_observed_on is not null
        union all
        select
            learned.customer_key,
            learned.month,
            months.judged_on as known_on,
            learned.{{ observed | join(', learned.') }},
        from {{ ref('int_external_assets_learned') }} as learned
        inner join months on learned.month = months.month
    ) as arrivals
    group by arrivals.customer_key, arrivals.month
),

seen as (
    select
        customer_key,
        min(month) as first_month,
    from (
        select customer_key, {{ window_month() }} as month from state
        union all
        select customer_key, month from facts
    ) as appearances
    group by customer_key
),

running as (
    select
        seen.customer_key,
        months.month,
        months.judged_on,
        months.is_closed,
        {{ so_far('sum', '1') }} as months_known,
        {{ so_far('sum', 'months.days_judged') }} as days_known,
        {% for name, (expression, _) in totals.items() -%}
        coalesce({{ so_far('sum', expression) }}, 0) as {{ name }},
        {% endfor -%}
        {% for name, (pick, _) in dates.items() -%}
        {{ so_far(pick, 'facts.' ~ name) }} as {{ name }},
        {% endfor -%}
        {{ so_far('max_by', 'observations.newest', 'observations.newest_order') }} as observation,
    from seen
    inner join months on seen.first_month <= months.month
    left join facts on seen.customer_key = facts.customer_key and months.month = facts.month
    left join observations
        on seen.customer_key = observations.customer_key and months.month = observations.month
    window so_far as (partition by seen.customer_key order by months.month)
)

select
    running.customer_key,
    running.month,
    running.judged_on,
    running.is_closed,
    {% for name in ['months_known', 'days_known'] -%}
    cast(running.{{ name }} + coalesce(state.{{ name }}, 0) as bigint) as {{ name }},
    {% endfor -%}
    {% for name, (_, type) in totals.items() -%}
    cast(running.{{ name }} + coalesce(state.{{ name }}, 0) as {{ type }}) as {{ name }},
    {% endfor -%}
    {% for name, (_, pick) in dates.items() -%}
    {{ pick }}(running.{{ name }}, state.{{ name }}) as {{ name }},
    {% endfor -%}
    {{ unpack('running.observation', observed) }}
from running
left join state on running.customer_key = state.customer_key
