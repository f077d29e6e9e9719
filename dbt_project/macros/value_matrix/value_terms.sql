{#
    Per month: numbers and choices of the value matrix in force on the day judged, and the version.
    since   month at whose end the window of income, cost and uses begins
    `months`: relation like build_months().
#}
{% macro value_terms(months) -%}
    select
        months.month,
        months.judged_on,
        months.is_closed,
        cast(numbers.value_months as integer) as value_months,
        {{ add_months('months.month', '-cast(numbers.value_months as integer)') }} as since,
        {% for axis in ['current', 'potential'] -%}
        cast(numbers.value_{{ axis }}_cut as decimal(18, 2)) as {{ axis }}_cut,
        {% endfor -%}
        choices.value_on_cut as on_cut_choice,
        choices.value_missing as missing_choice,
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force(
            ['value_months', 'value_current_cut', 'value_potential_cut'], months
        ) }}
    ) as numbers on months.month = numbers.month
    inner join (
        {{ switches_in_force(['value_on_cut', 'value_missing'], months) }}
    ) as choices on months.month = choices.month
    inner join (
        {{ family_version('value', months, [ref('policy_value_indicator')]) }}
    ) as versions on months.month = versions.month
{%- endmacro %}

{# Per month and of each indicator in force: its measure, full amount and weight, a column each. #}
{% macro value_weights(months) -%}
    select
        months.month,
        {% for indicator in value_indicators() -%}
        {% set mine = "case when seeds.indicator = '" ~ indicator ~ "' then seeds." -%}
        max({{ mine }}measure end) as {{ indicator }}_measure,
        max({{ mine }}full_at end) as {{ indicator }}_full,
        coalesce({{ in_parts('max(' ~ mine ~ 'weight end)') }}, 0) as {{ indicator }}_parts,
        {% endfor -%}
    from {{ months }} as months
    left join {{ ref('policy_value_indicator') }} as seeds
        on {{ valid_on('seeds', 'months.judged_on') }}
    group by months.month
{%- endmacro %}
