{# Per scheme and month: its tiers in force on the day judged, with their neighbours. #}
{% macro tiers_in_force(months) -%}
    select
        scheme_code,
        month,
        tier_rank,
        tier_code,
        lower_bound,
        grace_code,
        lead(lower_bound) over tier_order as next_bound,
        lead(tier_code) over tier_order as next_tier_code,
        max(valid_from) over (partition by scheme_code, month) as bounds_valid_from,
    from (
        {{ policy_in_force(ref('policy_tier_bound'), months) }}
    ) as bounds
    window tier_order as (partition by scheme_code, month order by tier_rank)
{%- endmacro %}

{# Per scheme and month: its bands in force on the day judged, with their neighbours. #}
{% macro bands_in_force(months) -%}
    select
        scheme_code,
        month,
        band_code,
        lower_bound,
        lower_inclusive,
        lead(lower_bound) over band_order as next_bound,
        lead(lower_inclusive) over band_order as next_inclusive,
    from (
        {{ policy_in_force(ref('policy_tier_band'), months) }}
    ) as bands
    window band_order as (
        partition by scheme_code, month order by lower_bound nulls first
    )
{%- endmacro %}

{# True where an amount lies in a row of bands_in_force. #}
{% macro in_band(amount, band) -%}
    (
        {{ band }}.lower_bound is null
        or {{ amount }} > {{ band }}.lower_bound
        or ({{ band }}.lower_inclusive and {{ amount }} = {{ band }}.lower_bound)
    )
    and (
        {{ band }}.next_bound is null
        or {{ amount }} < {{ band }}.next_bound
        or (not {{ band }}.next_inclusive and {{ amount }} = {{ band }}.next_bound)
    )
{%- endmacro %}
