{# Dimensions of the star grade (客户星级), and what each can be measured by. #}
{% macro star_dimensions() -%}
    {{ return({
        'asset_size': ['average_assets'],
        'contribution': ['turnover', 'transfers'],
        'risk_tolerance': ['risk_appetite'],
        'relationship_care': ['survey_score', 'complaints'],
        'loyalty_activity': ['tenure_months', 'stability', 'own_transactions'],
        'cooperation': ['products_held', 'classes_held'],
        'credit_record': ['days_past_due', 'loans_in_default'],
    }) }}
{%- endmacro %}

{# All measures, in the dimensions' order. #}
{% macro star_measures() -%}
    {{ return(star_dimensions().values() | sum(start=[])) }}
{%- endmacro %}

{#
    Per month: the windows of the star measures by the numbers in force on the day judged.
    since           month at whose end the window of assets and transactions begins, and which
                    stability compares with
    before_since    the month before that one
    care_since      month at whose end the window of surveys and complaints begins
    days            length of the window of assets
    days_then       length of month since
    is_evaluation   grades are given and taken at the end of the month
    `months`: relation like build_months().
#}
{% macro star_windows(months) -%}
    select
        month,
        judged_on,
        is_closed,
        {{ add_months('month', '-star_months') }} as since,
        {{ add_months('month', '-1 - star_months') }} as before_since,
        {{ add_months('month', '-star_care_months') }} as care_since,
        {{ days_between(add_months('month', '1 - star_months'), 'judged_on') }} + 1 as days,
        {{ days_between(
            add_months('month', '-star_months'), add_months('month', '1 - star_months')
        ) }} as days_then,
        extract(month from month) % evaluation_months = 0 as is_evaluation,
        evaluation_months,
        buffer_evaluations,
        neutral_points,
        star_missing,
    from (
        select
            months.month,
            months.judged_on,
            months.is_closed,
            cast(numbers.star_months as integer) as star_months,
            cast(numbers.star_care_months as integer) as star_care_months,
            cast(numbers.star_evaluation_months as integer) as evaluation_months,
            cast(numbers.star_buffer_evaluations as integer) as buffer_evaluations,
            cast(numbers.star_neutral_points as decimal(18, 2)) as neutral_points,
            choices.star_missing,
        from {{ months }} as months
        inner join (
            {{ parameters_in_force([
                'star_months', 'star_care_months', 'star_evaluation_months',
                'star_buffer_evaluations', 'star_neutral_points',
            ], months) }}
        ) as numbers
            on months.month = numbers.month
        inner join (
            {{ switches_in_force(['star_missing'], months) }}
        ) as choices
            on months.month = choices.month
    ) as numbered
{%- endmacro %}
