{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What the value matrix measures over a window of months, added up since the first month that knew
-- of the customer, so that any window is a difference of two rows.
{% set totals = value_totals() -%}
with

state as (
    select *
    from (
        {{ closed_months(this.name, value_state()) }}
    ) as closed
    where month = {{ add_months(window_month(), -1) }}
),

uses as (
    select
        customer_key,
        month,
        sum(uses) as mobile_uses,
    from {{ ref('int_channel_use') }}
    where month >= {{ window_month() }} and channel = 'mobile'
    group by customer_key, month
),

brought as (
    select
        customer_key,
        month,
        {% for name, components in totals.items() -%}
        {% for component in components -%}
        {% if component in reward_components() -%}
        case when rewards_choice = 'cost' then {{ component }} else 0 end
        {%- else -%}
        {{ component }}
        {%- endif %}{{ ' + ' if not loop.last }}
        {%- endfor %} as {{ name }},
        {% endfor -%}
    from {{ ref('contribution_month') }}
    where month >= {{ window_month() }}
),

grown as (
    select
        brought.customer_key,
        brought.month,
        {% for name in totals -%}
        {{ so_far('sum', 'brought.' ~ name) }} as {{ name }},
        {% endfor -%}
        coalesce({{ so_far('sum', 'uses.mobile_uses') }}, 0) as mobile_uses,
    from brought
    left join uses on brought.customer_key = uses.customer_key and brought.month = uses.month
    window so_far as (partition by brought.customer_key order by brought.month)
)

select
    grown.customer_key,
    grown.month,
    {% for name, type in value_total_types().items() -%}
    cast(grown.{{ name }} + coalesce(state.total_{{ name }}, 0) as {{ type }}) as total_{{ name }},
    {% endfor -%}
from grown
left join state on grown.customer_key = state.customer_key
