{#
    What the star grade is measured by, per customer and month; null where it is not measured:
    somebody without a relationship or an open account (a lead, or one who has left), a loan record
    without loans, a survey never answered, and what the bank does not deliver of anybody.
    `facts`, `trail`: relations like fct_customer_month and fct_customer_trail; `months`: like
    build_months(); `windows`: like star_windows().
#}
{% macro measure_stars(facts, trail, months, windows) -%}
    with

    star_population as (
        {{ judged_population(facts, trail, months) }}
    ),

    recent as (
        {{ trail_window(trail, [
            'asset_balance_days', 'turnover', 'transfer_turnover', 'own_transactions',
        ], windows, 'since') }}
    ),

    care as (
        {{ trail_window(trail, ['complaints', 'surveys', 'survey_score'], windows, 'care_since') }}
    ),

    -- Two months judged may compare with the same one where star_months changes between them.
    earlier_months as (
        select distinct
            earlier_month as month,
            {{ add_months('earlier_month', -1) }} as since,
            {{ days_between('earlier_month', add_months('earlier_month', 1)) }} as days,
        from {{ windows }}
    ),

    earlier as (
        {{ trail_window(trail, ['asset_balance_days'], 'earlier_months', 'since') }}
    ),

    -- What nobody has, the bank does not deliver: that says nothing of anybody.
    delivered as (
        select
            trail.month,
            max(trail.total_turnover) > 0 as has_transactions,
            max(trail.total_complaints + trail.total_surveys) > 0 as has_contacts,
        from {{ trail }} as trail
        inner join {{ months }} as months on trail.month = months.month
        group by trail.month
    ),

    trail_now as (
        select
            trail.customer_key,
            trail.month,
            trail.days_known,
            trail.first_account_on,
        from {{ trail }} as trail
        inner join {{ months }} as months on trail.month = months.month
    ),

    known as (
        select
            population.customer_key,
            population.month,
            population.judged_on,
            population.is_closed,
            coalesce(facts.risk_appetite, 'not_measured') as suitable_up_to,
            coalesce(facts.in_population or facts.accounts_open > 0, false) as is_customer,
            facts.days_judged,
            {{ balance_days(asset_classes()) }} as asset_balance_days_now,
            facts.products_held,
            facts.classes_held,
            case when facts.loans_owed > 0 then facts.days_past_due end as days_past_due,
            case when facts.loans_owed > 0 then facts.loans_in_default end
                as loans_in_default,
            cast(replace(facts.risk_appetite, 'R', '') as integer) as risk_appetite,
            trail_now.days_known,
            least(
                case
                    when facts.relationship_opened_on <= population.judged_on
                        then facts.relationship_opened_on
                end,
                trail_now.first_account_on
            ) as customer_since,
        from star_population as population
        inner join trail_now
            on
                population.customer_key = trail_now.customer_key
                and population.month = trail_now.month
        left join {{ facts }} as facts
            on
                population.customer_key = facts.customer_key
                and population.month = facts.month
    ),

    measured as (
        select
            known.*,
            {{ divide_money(
                'recent.asset_balance_days', 'least(known.days_known, windows.days)', scale=2
            ) }} as average_assets,
            case when delivered.has_transactions then recent.turnover end as turnover,
            case when delivered.has_transactions then recent.transfer_turnover end as transfers,
            case when care.surveys > 0
                then {{ divide_money('care.survey_score', 'care.surveys', scale=0) }}
            end as survey_score,
            case when delivered.has_contacts then care.complaints end as complaints,
            {{ months_between('known.customer_since', 'known.judged_on') }} as tenure_months,
            case when earlier.asset_balance_days > 0
                then {{ ratio(
                    '(known.asset_balance_days_now * earlier_months.days)',
                    '(earlier.asset_balance_days * known.days_judged)'
                ) }}
            end as stability,
            case when delivered.has_transactions then recent.own_transactions end
                as own_transactions,
        from known
        inner join {{ windows }} as windows on known.month = windows.month
        inner join delivered on known.month = delivered.month
        inner join recent
            on known.customer_key = recent.customer_key and known.month = recent.month
        inner join care on known.customer_key = care.customer_key and known.month = care.month
        left join earlier
            on
                known.customer_key = earlier.customer_key
                and windows.earlier_month = earlier.month
        left join earlier_months on windows.earlier_month = earlier_months.month
    )

    select
        measured.customer_key,
        measured.month,
        measured.judged_on,
        measured.is_closed,
        measured.suitable_up_to,
        {% for measure, type in star_measure_types().items() -%}
        cast(
            case when measured.is_customer then measured.{{ measure }} end as {{ type }}
        ) as {{ measure }},
        {% endfor -%}
    from measured
{%- endmacro %}

{# What each measure is counted in; money is wide enough for sums of the largest amounts. #}
{% macro star_measure_types() -%}
    {%- set special = {
        'average_assets': 'decimal(28, 2)',
        'turnover': 'decimal(28, 2)',
        'transfers': 'decimal(28, 2)',
        'survey_score': 'decimal(18, 2)',
        'stability': 'decimal(28, 6)',
    } -%}
    {%- set types = {} -%}
    {%- for measure in star_measures() -%}
        {%- do types.update({measure: special.get(measure, 'bigint')}) -%}
    {%- endfor -%}
    {{ return(types) }}
{%- endmacro %}
