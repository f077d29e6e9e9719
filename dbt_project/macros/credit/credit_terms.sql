{#
    Per month: numbers of policy that characteristics are measured by, and the version.
    before_since, short_since ..   months at whose ends the windows of characteristics begin
    `months`: relation like build_months().
#}
{% macro credit_terms(months) -%}
    select
        months.month,
        months.judged_on,
        {{ add_months('months.month', -1) }} as before_since,
        {% for window in credit_windows() -%}
        {{ add_months('months.month', '-cast(numbers.scorecard_' ~ window ~ '_months as integer)') }}
            as {{ window }}_since,
        {% endfor -%}
        cast(numbers.scorecard_month_days as integer) as month_days,
        cast(numbers.scorecard_least_age as integer) as least_age,
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force([
            'scorecard_short_months', 'scorecard_middle_months', 'scorecard_long_months',
            'scorecard_month_days', 'scorecard_least_age',
        ], months) }}
    ) as numbers on months.month = numbers.month
    inner join (
        {{ family_version('scorecard', months) }}
    ) as versions on months.month = versions.month
{%- endmacro %}

{# Windows of several months, each so long as policy has it. #}
{% macro credit_windows() -%}
    {{ return(['short', 'middle', 'long']) }}
{%- endmacro %}

{#
    Per closed month: the month whose standing it is the outcome of, and what policy calls good and
    bad. `months`: relation like build_months().
#}
{% macro outcome_terms(months) -%}
    select
        months.month,
        months.judged_on,
        {{ add_months('months.month', '-cast(numbers.scorecard_performance_months as integer)') }}
            as observed_month,
        {{ add_months(
            'months.month',
            '1 + cast(numbers.scorecard_application_months - numbers.scorecard_performance_months'
            ~ ' as integer)'
        ) }} as granted_before,
        cast(numbers.scorecard_bad_days as integer) as bad_days,
        cast(numbers.scorecard_indeterminate_days as integer) as indeterminate_days,
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force([
            'scorecard_performance_months', 'scorecard_application_months', 'scorecard_bad_days',
            'scorecard_indeterminate_days',
        ], months) }}
    ) as numbers on months.month = numbers.month
    inner join (
        {{ family_version('scorecard', months) }}
    ) as versions on months.month = versions.month
    where months.is_closed
{%- endmacro %}
