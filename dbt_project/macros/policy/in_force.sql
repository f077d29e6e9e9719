{# Rows of a policy seed in force on a day: half-open [valid_from, valid_to), open ended if empty. #}
{% macro valid_on(policy, day) -%}
    {{ policy }}.valid_from <= {{ day }}
    and ({{ policy }}.valid_to is null or {{ policy }}.valid_to > {{ day }})
{%- endmacro %}

{#
    Per month: a policy seed's rows in force on the day judged.
    `months`: relation with month and judged_on.
#}
{% macro policy_in_force(policy, months) -%}
    select
        seeds.*,
        months.month,
        months.judged_on,
    from {{ policy }} as seeds
    inner join {{ months }} as months on {{ valid_on('seeds', 'months.judged_on') }}
{%- endmacro %}

{#
    Per month: the numbers of policy_parameter that were in force on the day judged, a column each.
    `names`: those wanted; the policy files give each of them on every day.
#}
{% macro parameters_in_force(names, months) -%}
    select
        months.month,
        {% for name in names -%}
        max(case when seeds.parameter = '{{ name }}' then seeds.value end) as {{ name }},
        {% endfor -%}
    from {{ months }} as months
    left join {{ ref('policy_parameter') }} as seeds on {{ valid_on('seeds', 'months.judged_on') }}
    group by months.month
{%- endmacro %}

{# The same for the choices of policy_switch. #}
{% macro switches_in_force(names, months) -%}
    select
        months.month,
        {% for name in names -%}
        max(case when seeds.switch = '{{ name }}' then seeds.choice end) as {{ name }},
        {% endfor -%}
    from {{ months }} as months
    left join {{ ref('policy_switch') }} as seeds on {{ valid_on('seeds', 'months.judged_on') }}
    group by months.month
{%- endmacro %}

{#
    Per month: which policy a family of verdicts was judged by, as family@day: the newest day on
    which one of its rows in force began. Its numbers and choices are those named family_..;
    `files`: refs of the policy files it reads besides.
#}
{% macro family_version(family, months, files=[]) -%}
    select
        months.month,
        '{{ family }}@' || cast(max(rows_in_force.valid_from) as string) as policy_version,
    from {{ months }} as months
    inner join (
        select valid_from, valid_to from {{ ref('policy_parameter') }}
        where left(parameter, {{ family | length + 1 }}) = '{{ family }}_'
        union all
        select valid_from, valid_to from {{ ref('policy_switch') }}
        where left(switch, {{ family | length + 1 }}) = '{{ family }}_'
        {% for file in files -%}
        union all
        select valid_from, valid_to from {{ file }}
        {% endfor %}
    ) as rows_in_force
        on {{ valid_on('rows_in_force', 'months.judged_on') }}
    group by months.month
{%- endmacro %}
