{# How contribution is worked out in each month: numbers and choices of policy in force. #}
{% macro contribution_numbers() -%}
    {{ return({
        'year_days': 'integer',
        'loss_rate': 'decimal(18, 6)',
        'short_months': 'integer',
        'middle_months': 'integer',
        'long_months': 'integer',
    }) }}
{%- endmacro %}

{% macro contribution_choices() -%}
    {%- set found = ['spread', 'service', 'rewards', 'expected_loss'] -%}
    {%- for component in costs_and_rewards() -%}
        {%- do found.append(component ~ '_cost') -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro contribution_terms(months) -%}
    {%- set numbers = [] -%}
    {%- for name in contribution_numbers() -%}
        {%- do numbers.append('contribution_' ~ name) -%}
    {%- endfor -%}
    {%- set choices = [] -%}
    {%- for name in contribution_choices() -%}
        {%- do choices.append('contribution_' ~ name) -%}
    {%- endfor -%}
    select
        months.month,
        months.judged_on,
        months.is_closed,
        {% for name, type in contribution_numbers().items() -%}
        cast(numbers.contribution_{{ name }} as {{ type }}) as {{ name }},
        {% endfor -%}
        {% for name in contribution_choices() -%}
        choices.contribution_{{ name }} as {{ name }}_choice,
        {% endfor -%}
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force(numbers, months) }}
    ) as numbers on months.month = numbers.month
    inner join (
        {{ switches_in_force(choices, months) }}
    ) as choices on months.month = choices.month
    inner join (
        {{ family_version('contribution', months, [ref('policy_unit_cost')]) }}
    ) as versions on months.month = versions.month
{%- endmacro %}

{# What a statement goes on from: totals at the end of the closed month before. #}
{% macro contribution_state() -%}
    {{ return({
        'customer_key': 'bigint',
        'month': 'date',
        'total_income': 'decimal(28, 2)',
        'total_cost': 'decimal(28, 2)',
        'total_fixed_cost': 'decimal(28, 2)',
    }) }}
{%- endmacro %}
