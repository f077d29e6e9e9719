{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Who entered a verdict, from where, and why; who left the population altogether. Reasons are
-- written for those who moved only. In the first month there is no month before to move from.
{% set families = verdict_families() -%}
{% set reasons = verdict_reasons() -%}
with

{{ verdict_pairs() }},

first_month as (
    select min(month) as month from {{ ref('customer_month') }}
),

changed as (
    select
        pairs.*,
        {% for family in families -%}
        {{ family.column }}_before <> {{ family.column }}_after as {{ family.column }}_moved,
        {% endfor %}
    from pairs
    inner join last_closed on pairs.month <= last_closed.month
    inner join first_month on pairs.month > first_month.month
    where
        pairs.month >= {{ window_month() }} and (
            {% for family in families -%}
            {{ family.column }}_before <> {{ family.column }}_after{{ ' or' if not loop.last }}
            {% endfor -%}
        )
),

{% for table in reasons -%}
{% set judged = families | selectattr('table', 'equalto', table) | list -%}
told_of_{{ table }} as (
    select
        customer_key,
        month,
        {% for family in judged -%}
        case
            when {{ family.column }}_moved then {{ told(reasons[table], family.verdict) }}
        end as {{ family.column }}_why,
        {% endfor %}
    from (
        select
            verdicts.*,
            {% for family in judged -%}
            changed.{{ family.column }}_moved,
            {% endfor %}
        from {{ ref(table) }} as verdicts
        inner join changed
            on verdicts.customer_key = changed.customer_key and verdicts.month = changed.month
        where verdicts.month >= {{ window_month() }}
    ) as moved
),

{% endfor -%}
moves as (
    select
        changed.*,
        {% for family in families -%}
        told_of_{{ family.table }}.{{ family.column }}_why,
        {% endfor %}
    from changed
    {% for table in reasons -%}
    left join told_of_{{ table }}
        on
            changed.customer_key = told_of_{{ table }}.customer_key
            and changed.month = told_of_{{ table }}.month
    {% endfor -%}
)

{% for family in families -%}
select
    '{{ family.column }}' as family,
    customer_key,
    month,
    {{ family.column }}_before as from_verdict,
    {{ family.column }}_after as to_verdict,
    cast(coalesce(assets_after, assets_before) as decimal(28, 2)) as assets,
    coalesce(
        nullif({{ family.column }}_why, ''),
        case {{ family.column }}_after
            when 'left' then 'No longer known to the bank.' else 'Nothing speaks for it any more.'
        end
    ) as why,
from moves
where {{ family.column }}_moved
{{ 'union all' if not loop.last }}
{% endfor %}
