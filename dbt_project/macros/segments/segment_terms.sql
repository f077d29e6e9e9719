{# Numbers of policy that segments are judged by, with their types; all begin with `segment_`. #}
{% macro segment_numbers() -%}
    {{ return({
        'segment_behaviour_months': 'integer',
        'segment_frequent_count': 'integer',
        'segment_lost_months': 'integer',
        'segment_new_months': 'integer',
        'segment_value_months': 'integer',
        'segment_value_amount': 'decimal(28, 2)',
        'segment_value_share': 'decimal(18, 6)',
        'segment_loyal_months': 'integer',
        'segment_loyal_classes': 'integer',
        'segment_deposit_heavy': 'decimal(18, 6)',
        'segment_intermediary_heavy': 'decimal(18, 6)',
        'segment_abc_a': 'decimal(18, 6)',
        'segment_abc_b': 'decimal(18, 6)',
        'segment_abc_literal_a': 'decimal(18, 6)',
        'segment_abc_literal_b': 'decimal(18, 6)',
        'segment_survey_months': 'integer',
        'segment_satisfaction_a': 'decimal(18, 6)',
        'segment_satisfaction_b': 'decimal(18, 6)',
        'segment_complaint_count': 'integer',
        'segment_premium_months': 'integer',
    }) }}
{%- endmacro %}

{# Choices between readings. #}
{% macro segment_choices() -%}
    {{ return([
        'segment_peers', 'segment_value_measure', 'segment_value_cut', 'segment_abc',
        'segment_abc_measure',
    ]) }}
{%- endmacro %}

{# Windows of months, each with a number segment_.._months. #}
{% macro segment_windows() -%}
    {{ return(['behaviour', 'value', 'survey', 'premium']) }}
{%- endmacro %}

{#
    Per month: all of them, and the months at whose end the windows begin.
    `months`: relation with month and judged_on.
#}
{% macro segment_terms(months) -%}
    select
        months.month,
        months.judged_on,
        months.period_end,
        {% for name, type in segment_numbers().items() -%}
        cast(numbers.{{ name }} as {{ type }}) as {{ name }},
        {% endfor -%}
        {% for name in segment_choices() -%}
        choices.{{ name }},
        {% endfor -%}
        {% for window in segment_windows() -%}
        {{ add_months(
            'months.month', 'cast(-numbers.segment_' ~ window ~ '_months as integer)'
        ) }} as {{ window }}_since,
        {% endfor -%}
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force(segment_numbers().keys() | list, months) }}
    ) as numbers on months.month = numbers.month
    inner join (
        {{ switches_in_force(segment_choices(), months) }}
    ) as choices on months.month = choices.month
    inner join (
        {{ family_version('segment', months, [
            ref('policy_segment_band'), ref('policy_segment_group')
        ]) }}
    ) as versions on months.month = versions.month
{%- endmacro %}

{# Per month: the bands of a scheme in force, each with the bound at which it ends. #}
{% macro segment_bands(scheme, months) -%}
    select
        bands.month,
        bands.band,
        bands.lower_bound,
        lead(bands.lower_bound) over (
            partition by bands.month order by bands.lower_bound nulls first
        ) as next_bound,
    from (
        {{ policy_in_force(ref('policy_segment_band'), months) }}
    ) as bands
    where bands.scheme = '{{ scheme }}'
{%- endmacro %}

{#
    Per month and measure that somebody has: the band it lies in. Few measures are compared with
    bounds, and everybody finds theirs by equality.
#}
{% macro segment_banded(scheme, values, measure, months) -%}
    select
        measured.month,
        measured.measure,
        bands.band,
        bands.lower_bound,
        bands.next_bound,
    from (
        select distinct
            month,
            {{ measure }} as measure,
        from {{ values }}
        where {{ measure }} is not null
    ) as measured
    inner join (
        {{ segment_bands(scheme, months) }}
    ) as bands
        on
            measured.month = bands.month
            and (bands.lower_bound is null or measured.measure >= bands.lower_bound)
            and (bands.next_bound is null or measured.measure < bands.next_bound)
{%- endmacro %}
