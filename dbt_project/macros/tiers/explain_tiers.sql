{#
    Why a tier: the measure against the bound of the tier held. `verdicts`: relation like tier_month.
#}
{% macro explain_tiers(verdicts) -%}
    select
        customer_key,
        month,
        judged_on,
        is_closed,
        scheme_code as family,
        tier as verdict,
        1 as step,
        measure_code as measure,
        cast(measure_amount as decimal(28, 6)) as value,
        cast(held_bound as decimal(28, 6)) as bound,
        cast(margin as decimal(28, 6)) as distance,
        policy_version,
        measure_code || ' is ' || {{ money_text('measure_amount') }} || ', which measures as '
        || measured_tier || '; ' || case change
            when 'new' then 'first judgement: ' || tier
            when 'upgrade' then 'up from ' || tier_before || ' to ' || tier
            when 'downgrade'
                then
                    'below ' || tier_before || ' for ' || cast(months_below as string)
                    || ' month(s): down to ' || tier
            else 'keeps ' || tier
        end || '.' as reason,
    from {{ verdicts }}
{%- endmacro %}
