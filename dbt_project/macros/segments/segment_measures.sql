{#
    Per customer judged and month: everything that segments are judged by, save what depends on how
    the others stand. Parameters as of judge_segment; `terms`: relation like segment_terms().
#}
{% macro segment_measures(facts, trail, months, terms) -%}
    select
        population.customer_key,
        population.month,
        population.judged_on,
        population.is_closed,
        trail.months_known,
        trail.first_account_on,
        trail.last_own_transaction_on,
        {{ whole_months('trail.first_account_on', 'terms.period_end') }} as tenure_months,
        {{ whole_months(day_after('trail.last_own_transaction_on'), 'terms.period_end') }}
            as silent_months,
        coalesce(facts.customer_type, 'unknown') as customer_type,
        coalesce(facts.region, 'unknown') as region,
        coalesce(facts.area, 'unknown') as area,
        coalesce(facts.customer_type <> 'retail', false) as is_not_a_person,
        case when facts.customer_type = 'retail' then facts.age_years end as age_years,
        case when facts.customer_type = 'retail' then facts.household_income end
            as household_income,
        coalesce(facts.accounts_open, 0) as accounts_open,
        coalesce(facts.classes_held, 0) as classes_held,
        coalesce(facts.days_judged, 1) as days_judged,
        {{ held_balance_days(deposit_classes()) }} as deposit_balance_days,
        {{ held_balance_days(asset_classes()) }} as held_balance_days,
        cast(
            {%- for class in asset_classes() -%}
            {{ ' + ' if not loop.first }}coalesce(facts.{{ class }}_balance_days, 0)
            {%- endfor -%}
            as decimal(28, 2)
        ) as asset_balance_days,
        coalesce(facts.insurance_accounts_open, 0) > 0
        or {{ learned_since('premium', 'insurance_premium') }} > 0 as is_insured,
        {% for window, column in [
            ('behaviour', 'own_transactions'), ('value', 'income'), ('value', 'cost'),
            ('value', 'turnover'), ('survey', 'surveys'), ('survey', 'survey_score'),
            ('survey', 'complaints'), ('premium', 'insurance_premium'),
        ] -%}
        {{ learned_since(window, column) }} as {{ column }},
        {% endfor -%}
        trail.total_income <> 0 as had_income,
        trail.total_income <> 0 or trail.total_cost <> 0 as had_margin,
        trail.total_turnover <> 0 as had_turnover,
        trail.total_asset_balance_days <> 0 as had_assets,
    from (
        {{ judged_population(facts, trail, months) }}
    ) as population
    inner join {{ terms }} as terms on population.month = terms.month
    inner join {{ trail }} as trail
        on population.customer_key = trail.customer_key and population.month = trail.month
    left join {{ facts }} as facts
        on population.customer_key = facts.customer_key and population.month = facts.month
    {% for window in segment_windows() -%}
    left join (
        {{ trail_before(trail, terms, window ~ '_since') }}
    ) as {{ window }}_before
        on
            population.customer_key = {{ window }}_before.customer_key
            and terms.{{ window }}_since = {{ window }}_before.month
    {% endfor -%}
{%- endmacro %}

{# What was learned in a window: the difference of two rows of the trail, as in trail_window. #}
{% macro learned_since(window, column) -%}
    trail.total_{{ column }} - coalesce({{ window }}_before.total_{{ column }}, 0)
{%- endmacro %}

{# What a customer held of these classes, day by day; an overdrawn class is nothing held. #}
{% macro held_balance_days(classes) -%}
    cast(
        {%- for class in classes -%}
        {{ ' + ' if not loop.first }}greatest(coalesce(facts.{{ class }}_balance_days, 0), 0)
        {%- endfor -%}
        as decimal(28, 2)
    )
{%- endmacro %}

{#
    The same with what value and ABC are measured by. What no customer ever brought has not been
    delivered: it is not measured, rather than nothing.
#}
{% macro segment_values(measures, terms) -%}
    select
        measures.*,
        case
            when terms.segment_peers = 'customer_type' then measures.customer_type
            else 'everybody'
        end as peers,
        chosen.value_measure,
        case chosen.value_measure
            when 'margin' then measures.income - measures.cost
            when 'assets' then measures.average_assets
        end as value_amount,
        chosen.abc_measure,
        case chosen.abc_measure
            when 'income' then measures.income
            when 'turnover' then measures.turnover
        end as abc_amount,
    from (
        select
            *,
            cast(
                {{ divide_money('asset_balance_days', 'days_judged', scale=2) }} as decimal(18, 2)
            ) as average_assets,
        from {{ measures }}
    ) as measures
    inner join {{ terms }} as terms on measures.month = terms.month
    inner join (
        {{ segment_measures_chosen(measures, terms) }}
    ) as chosen on measures.month = chosen.month
{%- endmacro %}

{# Per month: what value and ABC are measured by, of what was delivered and is chosen. #}
{% macro segment_measures_chosen(measures, terms) -%}
    select
        terms.month,
        case
            when terms.segment_value_measure <> 'assets' and delivered.had_margin then 'margin'
            when terms.segment_value_measure <> 'margin' and delivered.had_assets then 'assets'
            else 'none'
        end as value_measure,
        case
            when terms.segment_abc_measure <> 'turnover' and delivered.had_income then 'income'
            when terms.segment_abc_measure <> 'income' and delivered.had_turnover then 'turnover'
            else 'none'
        end as abc_measure,
    from {{ terms }} as terms
    inner join (
        select
            month,
            {% for name in ['had_income', 'had_margin', 'had_turnover', 'had_assets'] -%}
            max(case when {{ name }} then 1 else 0 end) = 1 as {{ name }},
            {% endfor -%}
        from {{ measures }}
        group by month
    ) as delivered on terms.month = delivered.month
{%- endmacro %}
