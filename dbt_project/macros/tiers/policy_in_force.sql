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

{# Per month being built: the schemes in force on the day judged. #}
{% macro schemes_in_force(months) -%}
    select
        schemes.*,
        months.month,
        {{ add_months('months.month', 1) }} as next_month,
        months.judged_on,
    from {{ ref('policy_tier_scheme') }} as schemes
    inner join {{ months }} as months on {{ valid_on('schemes', 'months.judged_on') }}
{%- endmacro %}

{# Per month being built: the grace rules in force on the day judged. #}
{% macro graces_in_force(months) -%}
    select
        graces.*,
        months.month,
    from {{ ref('policy_tier_grace') }} as graces
    inner join {{ months }} as months on {{ valid_on('graces', 'months.judged_on') }}
{%- endmacro %}

{# Per scheme and month being built: its bands in force on the day judged, with their neighbours. #}
{% macro bands_in_force(months) -%}
    select
        bands.scheme_code,
        months.month,
        bands.band_code,
        bands.lower_bound,
        bands.lower_inclusive,
        lead(bands.lower_bound) over band_order as next_bound,
        lead(bands.lower_inclusive) over band_order as next_inclusive,
    from {{ ref('policy_tier_band') }} as bands
    inner join {{ months }} as months on {{ valid_on('bands', 'months.judged_on') }}
    window band_order as (
        partition by bands.scheme_code, months.month
        order by bands.lower_bound nulls first
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
