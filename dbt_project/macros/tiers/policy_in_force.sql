{# Rows of a policy seed in force on a day: half-open [valid_from, valid_to), open ended if empty. #}
{% macro valid_on(policy, day) -%}
    {{ policy }}.valid_from <= {{ day }}
    and ({{ policy }}.valid_to is null or {{ policy }}.valid_to > {{ day }})
{%- endmacro %}

{# Per scheme and month being built: its tiers in force on the day judged, with their neighbours. #}
{% macro tiers_in_force(months) -%}
    select
        bounds.scheme_code,
        months.month,
        bounds.tier_rank,
        bounds.tier_code,
        bounds.lower_bound,
        bounds.grace_code,
        lead(bounds.lower_bound) over tier_order as next_bound,
        lead(bounds.tier_code) over tier_order as next_tier_code,
        max(bounds.valid_from) over (partition by bounds.scheme_code, months.month)
            as bounds_valid_from,
    from {{ ref('policy_tier_bound') }} as bounds
    inner join {{ months }} as months on {{ valid_on('bounds', 'months.judged_on') }}
    window tier_order as (
        partition by bounds.scheme_code, months.month order by bounds.tier_rank
    )
{%- endmacro %}
