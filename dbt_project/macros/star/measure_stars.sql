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

    -- The trail's rows of the months judged, and of those where their windows begin.
    now_known as (
        select trail.*
        from {{ trail }} as trail
        inner join {{ months }} as months on trail.month = months.month
    ),

    {% for start in ['since', 'before_since', 'care_since'] -%}
    known_{{ start }} as (
        select
            trail.*,
            windows.month as month_judged,
        from {{ trail }} as trail
        inner join {{ windows }} as windows on trail.month = windows.{{ start }}
    ),

    {% endfor -%}
    -- What nobody has, the bank does not deliver: that says nothing of anybody.
    delivered as (
        select
            month,
            max(total_turnover) > 0 as has_transactions,
            max(total_complaints + total_surveys) > 0 as has_contacts,
        from now_known
        group by month
    ),

    windowed as (
        select
            population.customer_key,
            population.month,
            population.judged_on,
            population.is_closed,
            now_known.first_account_on,
            least(now_known.days_known, windows.days) as days,
            {{ since_then('asset_balance_days', 'known_since') }},
            {{ since_then('turnover', 'known_since') }},
            {{ since_then('transfer_turnover', 'known_since') }},
            {{ since_then('own_transactions', 'known_since') }},
            {{ since_then('complaints', 'known_care_since') }},
            {{ since_then('surveys', 'known_care_since') }},
            {{ since_then('survey_score', 'known_care_since') }},
            known_since.total_asset_balance_days
            - coalesce(known_before_since.total_asset_balance_days, 0) as asset_balance_days_then,
            windows.days_then,
        from star_population as population
        inner join now_known
            on
                population.customer_key = now_known.customer_key
                and population.month = now_known.month
        inner join {{ windows }} as windows on population.month = windows.month
        {% for start in ['since', 'before_since', 'care_since'] -%}
        left join known_{{ start }}
            on
                population.customer_key = known_{{ start }}.customer_key
                and population.month = known_{{ start }}.month_judged
        {% endfor -%}
    ),

    measured as (
        select
            windowed.customer_key,
            windowed.month,
            windowed.judged_on,
            windowed.is_closed,
            coalesce(facts.risk_appetite, 'not_measured') as suitable_up_to,
            coalesce(facts.in_population or facts.accounts_open > 0, false) as is_customer,
            {{ divide_money('windowed.asset_balance_days', 'windowed.days', scale=2) }}
                as average_assets,
            case when delivered.has_transactions then windowed.turnover end as turnover,
            case when delivered.has_transactions then windowed.transfer_turnover end
                as transfers,
            cast(replace(facts.risk_appetite, 'R', '') as integer) as risk_appetite,
            case when windowed.surveys > 0
                then {{ from_cents(
                    divide_whole(in_cents('windowed.survey_score'), 'windowed.surveys')
                ) }}
            end as survey_score,
            case when delivered.has_contacts then windowed.complaints end as complaints,
            {{ months_between(
                'least(case when facts.relationship_opened_on <= windowed.judged_on'
                ~ ' then facts.relationship_opened_on end, windowed.first_account_on)',
                'windowed.judged_on'
            ) }} as tenure_months,
            case when windowed.asset_balance_days_then > 0
                then {{ ratio(
                    '((' ~ balance_days(asset_classes()) ~ ') * windowed.days_then)',
                    '(windowed.asset_balance_days_then * facts.days_judged)'
                ) }}
            end as stability,
            case when delivered.has_transactions then windowed.own_transactions end
                as own_transactions,
            facts.products_held,
            facts.classes_held,
            case when facts.loans_owed > 0 then facts.days_past_due end as days_past_due,
            case when facts.loans_owed > 0 then facts.loans_in_default end as loans_in_default,
        from windowed
        inner join delivered on windowed.month = delivered.month
        left join {{ facts }} as facts
            on windowed.customer_key = facts.customer_key and windowed.month = facts.month
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

{# What a total of the trail has grown by since the end of another month. #}
{% macro since_then(total, start) -%}
    now_known.total_{{ total }} - coalesce({{ start }}.total_{{ total }}, 0) as {{ total }}
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
