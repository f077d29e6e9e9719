{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Who entered a verdict, from where, and why; who left the population altogether. Reasons are
-- written for those who moved only.
with

{{ verdict_pairs() }},

changed as (
    {% for family in verdict_families() -%}
    select
        '{{ family.column }}' as family,
        '{{ family.explained }}' as explained,
        customer_key,
        month,
        {{ family.column }}_before as from_verdict,
        {{ family.column }}_after as to_verdict,
        coalesce(assets_after, assets_before) as assets,
    from pairs
    where {{ family.column }}_before <> {{ family.column }}_after
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

movers as (
    select distinct customer_key, month from changed
),

{% for table in ['lifecycle_month', 'star_month', 'segment_month'] -%}
moved_{{ table }} as (
    select verdicts.*
    from {{ ref(table) }} as verdicts
    inner join movers
        on verdicts.customer_key = movers.customer_key and verdicts.month = movers.month
    where verdicts.month >= {{ window_month() }}
),

{% endfor -%}
reasons as (
    select
        family,
        verdict,
        customer_key,
        month,
        {{ joined_text('reason', 'measure') }} as why,
    from (
        {% for explained in [
            explain_lifecycle('moved_lifecycle_month'),
            explain_star('moved_star_month'),
            explain_segment('moved_segment_month'),
        ] -%}
        select family, verdict, customer_key, month, measure, reason
        from (
            {{ explained }}
        ) as explained_{{ loop.index }}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as explained
    group by family, verdict, customer_key, month
)

select
    changed.family,
    changed.customer_key,
    changed.month,
    changed.from_verdict,
    changed.to_verdict,
    cast(changed.assets as decimal(28, 2)) as assets,
    coalesce(
        reasons.why,
        case changed.to_verdict
            when 'left' then 'No longer known to the bank.' else 'Nothing speaks for it any more.'
        end
    ) as why,
from changed
inner join last_closed on changed.month <= last_closed.month
left join reasons
    on
        changed.explained = reasons.family
        and changed.to_verdict = reasons.verdict
        and changed.customer_key = reasons.customer_key
        and changed.month = reasons.month
where changed.month >= {{ window_month() }}
