{# Numbers and choices of policy that the lifecycle is judged by; policy_parameter has them. #}
{% macro lifecycle_numbers() -%}
    {{ return([
        'silent_months', 'repeat_months', 'repeat_count', 'profit_months', 'baseline_months',
        'baseline_known_months', 'fall_share', 'fall_months', 'stable_share', 'stable_months',
        'wallet_share', 'wallet_months', 'top_assets', 'outflow_share', 'evidence_months',
        'competitor_share', 'complaints', 'fee_share', 'unmet_interests', 'income_months',
        'past_due_days',
    ]) }}
{%- endmacro %}

{% macro lifecycle_choices() -%}
    {{ return(['volume', 'profit_missing', 'wallet_missing']) }}
{%- endmacro %}

{# The numbers that a measure is held against, kept beside it in every verdict as <name>_bound. #}
{% macro lifecycle_bounds() -%}
    {{ return([
        'silent_months', 'repeat_count', 'fall_share', 'fall_months', 'stable_share',
        'stable_months', 'wallet_share', 'top_assets', 'outflow_share', 'competitor_share',
        'complaints', 'fee_share', 'unmet_interests', 'past_due_days',
    ]) }}
{%- endmacro %}

{#
    Per month judged: the policy in force on its day, and the months of the trail at whose ends its
    windows begin.
    before_month      the month before: what the trail adds up since is the month's own
    baseline_since    begins the baseline, which ends with before_month
    repeat_since, profit_since, evidence_since, income_since: begin windows that end with the month
#}
{% macro lifecycle_terms(months) -%}
    select
        months.month,
        months.judged_on,
        versions.policy_version,
        {% for number in lifecycle_numbers() -%}
        numbers.lifecycle_{{ number }} as {{ number }}_bound,
        {% endfor -%}
        {% for choice in lifecycle_choices() -%}
        choices.lifecycle_{{ choice }} as {{ choice }}_choice,
        {% endfor -%}
        {{ add_months('months.month', -1) }} as before_month,
        {{ add_months('months.month', '-(1 + numbers.lifecycle_baseline_months)') }}
            as baseline_since,
        {% for window in ['repeat', 'profit', 'evidence', 'income'] -%}
        {{ add_months('months.month', '-numbers.lifecycle_' ~ window ~ '_months') }}
            as {{ window }}_since,
        {% endfor -%}
    from {{ months }} as months
    inner join (
        {{ parameters_in_force(prefixed(lifecycle_numbers()), months) }}
    ) as numbers
        on months.month = numbers.month
    inner join (
        {{ switches_in_force(prefixed(lifecycle_choices()), months) }}
    ) as choices
        on months.month = choices.month
    inner join (
        {{ family_version('lifecycle', months, [
            ref('policy_lifecycle_stage'), ref('policy_decline_cause'),
        ]) }}
    ) as versions
        on months.month = versions.month
{%- endmacro %}

{% macro prefixed(names) -%}
    {%- set full = [] -%}
    {%- for name in names -%}{%- do full.append('lifecycle_' ~ name) -%}{%- endfor -%}
    {{ return(full) }}
{%- endmacro %}
