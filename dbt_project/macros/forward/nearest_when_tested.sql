{#
    Per month and population the model that came nearest in the newest test that was known by the
    month's end. `backtest`: relation like forward_backtest; `months`: like build_months().
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
            known.population,
            max(known.month) as tested_in,
        from {{ months }} as months
        inner join (
            select distinct month, population from {{ backtest }}
        ) as known on months.month >= known.month
        group by months.month, known.population
    ) as tests
    inner join {{ backtest }} as outcomes
        on tests.tested_in = outcomes.month and tests.population = outcomes.population
    group by tests.month, tests.population
{%- endmacro %}

{# How near a model came: by its error, an amount, and of equal errors by its place in order. #}
{% macro forward_nearness(error, model) -%}
    {{ error }} * 1000 + {{ forward_order(model) }}
{%- endmacro %}
