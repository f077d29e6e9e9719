{# Numbers and choices of policy that segments are judged by; all begin with `segment_`. #}
{% macro segment_numbers() -%}
    {{ return([
        'segment_behaviour_months', 'segment_frequent_count', 'segment_lost_months',
        'segment_new_months', 'segment_value_months', 'segment_value_amount',
        'segment_value_share', 'segment_loyal_months', 'segment_loyal_classes',
        'segment_deposit_heavy', 'segment_intermediary_heavy', 'segment_abc_a', 'segment_abc_b',
        'segment_abc_literal_a', 'segment_abc_literal_b', 'segment_survey_months',
        'segment_satisfaction_a', 'segment_satisfaction_b', 'segment_complaint_count',
        'segment_premium_months',
    ]) }}
{%- endmacro %}

{% macro segment_choices() -%}
    {{ return([
        'segment_peers', 'segment_value_measure', 'segment_value_cut', 'segment_abc',
        'segment_abc_measure',
    ]) }}
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
        {% for name in segment_numbers() -%}
        numbers.{{ name }},
        {% endfor -%}
        {% for name in segment_choices() -%}
        choices.{{ name }},
        {% endfor -%}
        {% for window in ['behaviour', 'value', 'survey', 'premium'] -%}
        {{ add_months(
            'months.month', 'cast(-numbers.segment_' ~ window ~ '_months as integer)'
        ) }} as {{ window }}_since,
        {% endfor -%}
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force(segment_numbers(), months) }}
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
