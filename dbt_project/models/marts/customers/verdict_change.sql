{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Who entered a verdict, from where, and why; who left the population altogether. Reasons are
-- written for those who moved only.
with

closed as (
    select * from {{ ref('customer_month') }}
    where is_closed and month >= {{ add_months(window_month(), -1) }}
),

last_closed as (
    select max(month) as month from closed
),

pairs as (
    select
        coalesce(after.customer_key, before.customer_key) as customer_key,
        coalesce(after.month, {{ add_months('before.month', 1) }}) as month,
        before.customer_key is null as is_new,
        after.customer_key is null as has_left,
        coalesce(after.assets, before.assets) as assets,
        {% for family in verdict_families() -%}
        before.{{ family.column }} as {{ family.column }}_before,
        after.{{ family.column }} as {{ family.column }}_after,
        {% endfor %}
    from (select * from closed where month >= {{ window_month() }}) as after
    full outer join closed as before
        on
            after.customer_key = before.customer_key
            and after.month = {{ add_months('before.month', 1) }}
),

changed as (
    {% for family in verdict_families() -%}
    select
        '{{ family.column }}' as family,
        '{{ family.explained }}' as explained,
        customer_key,
        month,
        case when is_new then 'entered' else {{ family.column }}_before end as from_verdict,
        case when has_left then 'left' else {{ family.column }}_after end as to_verdict,
        assets,
    from pairs
    where is_new or has_left or {{ family.column }}_before <> {{ family.column }}_after
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
