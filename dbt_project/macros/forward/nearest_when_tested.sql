{#
    Per month and population the model that came nearest in the newest test that was known by the
    month's end. Only tests of one length are compared: half a year is missed by more than a quarter.
    Where policy changed the length and models were not fitted anew in one month, the length counts
    over which most of them were tested, and of as many the shorter one.
    `backtest`: relation like forward_backtest; `months`: like build_months().
#}
{% macro nearest_when_tested(backtest, months) -%}
    select
        tests.month,
        tests.population,
        min_by(
            outcomes.model, {{ forward_nearness('outcomes.mean_absolute_error', 'outcomes.model') }}
        ) as model,
    from (
        select
            months.month,
            known.month as tested_in,
            known.population,
            known.test_months,
            row_number() over (
                partition by months.month, known.population
                order by known.month desc, known.models desc, known.test_months
            ) as place,
        from {{ months }} as months
        inner join (
            select
                month,
                population,
                test_months,
                count(*) as models,
            from {{ backtest }}
            group by month, population, test_months
        ) as known on months.month >= known.month
    ) as tests
    inner join {{ backtest }} as outcomes
        on
            tests.tested_in = outcomes.month
            and tests.population = outcomes.population
            and tests.test_months = outcomes.test_months
    where tests.place = 1
    group by tests.month, tests.population
{%- endmacro %}

{# How near a model came: by its error, an amount, and of equal errors by its place in order. #}
{% macro forward_nearness(error, model) -%}
    {{ error }} * 1000 + {{ forward_order(model) }}
{%- endmacro %}
