{#
    Measures customers by every scheme in force: the weighted sum of balances that the scheme's
    measure names, averaged or closing, and the tier whose bounds hold it.
    `facts`: relation with the columns of fct_customer_month that balances stand in; `months`:
    relation with month and judged_on.
#}
{% macro measure_tiers(facts, months) -%}
with

schemes as (
    {{ policy_in_force(ref('policy_tier_scheme'), months) }}
),

weights as (
    select
        schemes.scheme_code,
        schemes.measure_code,
        schemes.customer_type,
        schemes.month,
        max(measures.basis) as basis,
        {% for component in balance_classes() + ['weighted'] -%}
        cast(
            sum(case when measures.component = '{{ component }}' then measures.weight else 0 end)
            as decimal(9, 4)
        ) as {{ component }},
        {% endfor -%}
    from schemes
    inner join {{ ref('policy_measure') }} as measures
        on
            schemes.measure_code = measures.measure_code
            and {{ valid_on('measures', 'schemes.judged_on') }}
    group by
        schemes.scheme_code, schemes.measure_code, schemes.customer_type, schemes.month
),

amounts as (
    select
        weights.scheme_code,
        facts.customer_key,
        facts.month,
        facts.judged_on,
        facts.is_closed,
        weights.measure_code,
        case when weights.basis = 'average' then facts.days_judged else 1 end as divisor,
        case
            when weights.basis = 'average'
                then
                    {% for class in balance_classes() -%}
                    {{ '+ ' if not loop.first -}}
                    {{ weighted(
                        'facts.' ~ class ~ '_balance_days', 'weights.' ~ class, 'decimal(28, 2)'
                    ) }}
                    {% endfor %}
            else
                {% for class in balance_classes() -%}
                {{ '+ ' if not loop.first -}}
                {{ weighted('facts.' ~ class ~ '_closing', 'weights.' ~ class, 'decimal(28, 2)') }}
                {% endfor %}
        end as class_amount,
        case
            when weights.weighted = 0 then 0
            when weights.basis = 'average'
                then {{ weighted(
                    'facts.weighted_balance_days', 'weights.weighted', 'decimal(28, 8)'
                ) }}
            else {{ weighted('facts.weighted_closing', 'weights.weighted', 'decimal(28, 8)') }}
        end as weighted_amount,
    from {{ facts }} as facts
    inner join weights
        on
            facts.month = weights.month
            and (
                weights.customer_type = 'all' or weights.customer_type = facts.customer_type
            )
    where facts.in_population
),

measured as (
    select
        *,
        -- Apart, because few schemes weigh by product, and fewer decimals divide faster.
        cast(
            case
                when weighted_amount = 0 then {{ divide_money('class_amount', 'divisor', scale=6) }}
                else {{ divide_money('(class_amount + weighted_amount)', 'divisor', scale=12) }}
            end as decimal(18, 2)
        ) as measure_amount,
    from amounts
),

tiers as (
    {{ tiers_in_force(months) }}
)

select
    measured.scheme_code,
    measured.customer_key,
    measured.month,
    measured.judged_on,
    measured.is_closed,
    measured.measure_code,
    measured.measure_amount,
    tiers.tier_rank as measured_rank,
from measured
inner join tiers
    on
        measured.scheme_code = tiers.scheme_code
        and measured.month = tiers.month
        and (tiers.lower_bound is null or measured.measure_amount >= tiers.lower_bound)
        and (tiers.next_bound is null or measured.measure_amount < tiers.next_bound)
{%- endmacro %}
