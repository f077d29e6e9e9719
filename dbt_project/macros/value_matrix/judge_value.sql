{#
    The cell of the value matrix of every customer and month: measured, scored, and cut. One row per
    customer of judged_population() and month.
    `facts`, `trail`: relations like fct_customer_month and fct_customer_trail; `so_far`: like
    int_value_so_far; `months`: like build_months().
#}
{% macro judge_value(facts, trail, so_far, months) -%}
    with

    terms as (
        {{ value_terms(months) }}
    ),

    weights as (
        {{ value_weights(months) }}
    ),

    measured as (
        {{ measure_value(facts, trail, so_far, months, 'terms') }}
    ),

    scored as (
        {{ score_value('measured', 'terms', 'weights') }}
    ),

    -- An axis of which nothing is measured is low, whatever the cut.
    cut as (
        select
            scored.*,
            terms.value_months,
            terms.current_cut,
            terms.potential_cut,
            terms.on_cut_choice,
            terms.missing_choice,
            terms.policy_version,
            {% for axis, cents in {
                'current': '(scored.current_cents - scored.cost_cents)',
                'potential': 'scored.potential_cents',
            }.items() -%}
            scored.{{ axis }}_covered > 0 and (
                {{ cents }} > {{ in_cents('terms.' ~ axis ~ '_cut') }}
                or (
                    terms.on_cut_choice = 'high'
                    and {{ cents }} = {{ in_cents('terms.' ~ axis ~ '_cut') }}
                )
            ) as {{ axis }}_is_high,
            {% endfor -%}
        from scored
        inner join terms on scored.month = terms.month
    )

    select
        customer_key,
        month,
        judged_on,
        is_closed,
        case
            when current_is_high and potential_is_high then 'optimal'
            when potential_is_high then 'suboptimal'
            when current_is_high then 'general'
            else 'low_value'
        end as cell,
        current_is_high,
        potential_is_high,
        {{ from_cents('current_cents') }} as current_points,
        {{ from_cents('cost_cents') }} as cost_points,
        {{ from_cents('(current_cents - cost_cents)') }} as current_score,
        {{ from_cents('potential_cents') }} as potential_score,
        {% for axis in value_axes() -%}
        {{ from_parts(axis ~ '_covered') }} as {{ axis }}_coverage,
        {% endfor -%}
        current_cut,
        potential_cut,
        cast({{ from_cents('(current_cents - cost_cents)') }} - current_cut as decimal(18, 2))
            as current_distance,
        cast({{ from_cents('potential_cents') }} - potential_cut as decimal(18, 2))
            as potential_distance,
        on_cut_choice,
        missing_choice,
        value_months,
        {% for indicator in value_indicators() -%}
        {% for column in ['measure', 'value', 'full', 'points', 'weight', 'weighted'] -%}
        {{ indicator }}_{{ column }},
        {% endfor -%}
        {% endfor -%}
        policy_version,
    from cut
{%- endmacro %}
