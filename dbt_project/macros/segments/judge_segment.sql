{#
    Puts every customer judged into one segment of each scheme.
    `facts`: relation like fct_customer_month, `trail`: like fct_customer_trail, both with the months
    judged, and the trail also with those at whose ends the windows begin; `months`: like
    build_months(). `before` is not read: a segment follows from its month and its window alone.
#}
{% macro judge_segment(facts, trail, months, before=none) -%}
with

segment_policy as (
    {{ segment_terms(months) }}
),

segment_measured as (
    {{ segment_measures(facts, trail, months, 'segment_policy') }}
),

segment_valued as (
    {{ segment_values('segment_measured', 'segment_policy') }}
),

segment_value_cuts as (
    {{ best_share_cut('segment_valued', 'value_amount', 'segment_policy', 'segment_value_share') }}
),

segment_abc_shares as (
    {{ segment_abc_shares('segment_valued', 'segment_policy') }}
),

segment_ages as (
    {{ segment_banded('age_band', 'segment_valued', 'age_years', months) }}
),

segment_incomes as (
    {{ segment_banded('income_band', 'segment_valued', 'household_income', months) }}
),

segment_groups as (
    {{ policy_in_force(ref('policy_segment_group'), months) }}
),

segment_bounded as (
    select
        valued.*,
        {% for name in (segment_numbers().keys() | list) + segment_choices() -%}
        policy.{{ name }},
        {% endfor -%}
        policy.policy_version,
        case
            when policy.segment_value_cut = 'amount' then policy.segment_value_amount
            else value_cuts.cut
        end as value_cut,
        abc_shares.abc_share,
        cast(
            {{ ratio('valued.deposit_balance_days', 'valued.held_balance_days') }}
            as decimal(18, 6)
        ) as deposit_share,
        cast(
            case
                when valued.surveys > 0 then {{ ratio('valued.survey_score', 'valued.surveys') }}
            end as decimal(18, 6)
        ) as survey_average,
        ages.band as age_band,
        ages.lower_bound as age_lower_bound,
        ages.next_bound as age_next_bound,
        incomes.band as income_band,
        incomes.lower_bound as income_lower_bound,
        incomes.next_bound as income_next_bound,
        groups.strategic_group,
    from segment_valued as valued
    inner join segment_policy as policy on valued.month = policy.month
    left join segment_value_cuts as value_cuts
        on valued.month = value_cuts.month and valued.peers = value_cuts.peers
    left join segment_abc_shares as abc_shares
        on
            valued.month = abc_shares.month
            and valued.peers = abc_shares.peers
            and valued.abc_amount = abc_shares.amount
    left join segment_ages as ages
        on valued.month = ages.month and valued.age_years = ages.measure
    left join segment_incomes as incomes
        on valued.month = incomes.month and valued.household_income = incomes.measure
    left join segment_groups as groups
        on
            incomes.month = groups.month
            and incomes.band = groups.income_band
            and valued.is_insured = groups.is_insured
)

select
    customer_key,
    month,
    judged_on,
    is_closed,
    {{ segment_verdicts() }}
    {{ segment_evidence() }}
    policy_version,
from segment_bounded
{%- endmacro %}

{#
    Of each amount that ABC is measured by, the share of the total that decides: of those strictly
    above, or its own.
#}
{% macro segment_abc_shares(values, policy) -%}
    select
        stood.month,
        stood.peers,
        stood.amount,
        cast(
            case
                when policy.segment_abc = 'literal'
                    then {{ ratio('greatest(stood.amount, 0)', 'stood.gained') }}
                else {{ ratio('stood.gained_above', 'stood.gained') }}
            end as decimal(18, 6)
        ) as abc_share,
    from (
        {{ standings(values, 'abc_amount') }}
    ) as stood
    inner join {{ policy }} as policy on stood.month = policy.month
{%- endmacro %}
