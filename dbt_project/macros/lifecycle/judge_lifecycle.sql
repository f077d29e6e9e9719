{#
    Judges the lifecycle (客户生命周期) of every customer and month: the stage, since when, by which
    measures, and of who declines the cause and what to do about it.

    `facts`: relation like fct_customer_month, `trail`: like fct_customer_trail, with everybody of
    the months judged and the months before that windows reach back to; `months`: like
    build_months(); `before`: relation with the columns of lifecycle_state at the end of earlier
    months, of which the newest before the months judged is read.
#}
{% macro judge_lifecycle(facts, trail, months, before) -%}
with

terms as (
    {{ lifecycle_terms(months) }}
),

state as (
    select * from {{ before }} as earlier
    where earlier.month in (select min(terms.before_month) from terms)
),

population as (
    {{ judged_population(facts, trail, months) }}
),

known as (
    {{ lifecycle_known('population', facts, trail, 'terms') }}
),

present as (
    {{ lifecycle_presence('known', 'terms', 'state') }}
),

measured as (
    {{ lifecycle_measures('present', trail, 'terms') }}
),

staged as (
    {{ lifecycle_stages('measured', 'terms', 'state') }}
),

causes as (
    {{ lifecycle_causes('staged', trail, 'terms', 'state') }}
),

joined as (
    select
        staged.*,
        causes.decline_began_in,
        {% for name in lifecycle_evidence() -%}
        causes.{{ name }},
        {% endfor -%}
        case
            when staged.stage <> 'declining' then 'none'
            when staged.ends_on is not null then 'notice'
            when staged.accounts_open = 0 and staged.unsettled = 0 then 'leaving'
            when staged.accounts_open = 0 then 'unsettled'
            else 'falling'
        end as sub_state,
        coalesce(
            lag(staged.stage) over in_order = staged.stage
            and lag(staged.month) over in_order = terms.before_month,
            state.stage = staged.stage and state.month = terms.before_month,
            false
        ) as stays,
        state.months_in_stage as state_months_in_stage,
    from staged
    inner join terms on staged.month = terms.month
    left join causes
        on staged.customer_key = causes.customer_key and staged.month = causes.month
    left join state on staged.customer_key = state.customer_key
    window in_order as (partition by staged.customer_key order by staged.month)
),

stages as (
    {{ policy_in_force(ref('policy_lifecycle_stage'), months) }}
),

decline_causes as (
    {{ policy_in_force(ref('policy_decline_cause'), months) }}
),

precedences as (
    select
        month,
        {% for cause in lifecycle_evidence_for() -%}
        max(case when cause = '{{ cause }}' then precedence end) as {{ cause }}_precedence,
        {% endfor -%}
    from decline_causes
    group by month
),

evidenced as (
    select
        joined.*,
        {{ months_in_a_row('stays', 'state_months_in_stage') }} as months_in_stage,
        case
            when joined.stage = 'declining'
                then least(
                    {% for cause, evidence in lifecycle_evidence_for().items() -%}
                    case when {{ evidence }} then precedences.{{ cause }}_precedence end
                    {{- ',' if not loop.last }}
                    {% endfor -%}
                )
        end as precedence,
    from joined
    inner join precedences on joined.month = precedences.month
    window in_order as (partition by joined.customer_key order by joined.month)
)

select
    evidenced.customer_key,
    evidenced.month,
    evidenced.judged_on,
    evidenced.is_closed,
    evidenced.stage,
    evidenced.sub_state,
    stages.relationship_stage,
    evidenced.reactivated_in is not null as is_reactivated,
    evidenced.reactivated_in,
    case when evidenced.sub_state = 'notice' then evidenced.ends_on end as notice_ends_on,
    coalesce(decline_causes.cause, 'none') as decline_cause,
    coalesce(decline_causes.strategy, 'none') as decline_strategy,
    evidenced.months_in_stage,
    evidenced.accounts_open,
    evidenced.unsettled,
    evidenced.debt,
    evidenced.active_in,
    evidenced.months_silent,
    evidenced.terminated_in,
    evidenced.own_transactions,
    evidenced.income,
    evidenced.cost,
    evidenced.profit,
    evidenced.assets,
    evidenced.baseline_assets,
    evidenced.volume_change,
    evidenced.volume_swing,
    evidenced.months_fallen,
    evidenced.months_stable,
    evidenced.closing_assets,
    evidenced.external_known as external_assets,
    evidenced.wallet_share,
    evidenced.time_deposits_in,
    evidenced.decline_began_in,
    {% for name, type in lifecycle_evidence().items() -%}
    cast(evidenced.{{ name }} as {{ type }}) as {{ name }},
    {% endfor -%}
    {% for bound in lifecycle_bounds() -%}
    evidenced.{{ bound }}_bound,
    {% endfor -%}
    {% for choice in lifecycle_choices() -%}
    evidenced.{{ choice }}_choice,
    {% endfor -%}
    evidenced.policy_version,
from evidenced
inner join stages on evidenced.stage = stages.stage and evidenced.month = stages.month
left join decline_causes
    on
        evidenced.precedence = decline_causes.precedence
        and evidenced.month = decline_causes.month
{%- endmacro %}

{#
    Of which month of a row this is: one more than the months since `stays` was false, and than those
    of the state where the row goes on from there.
#}
{% macro months_in_a_row(stays, state) -%}
    coalesce(
        1 + {{ months_between(
            'max(case when not joined.' ~ stays ~ ' then joined.month end) over in_order',
            'joined.month'
        ) }},
        cast(count(*) over in_order as integer) + joined.{{ state }}
    )
{%- endmacro %}

{# What a judgement goes on from: columns of the family's closed months, with their types. #}
{% macro lifecycle_state() -%}
    {%- set state = {
        'customer_key': 'bigint',
        'month': 'date',
        'stage': 'string',
        'months_in_stage': 'integer',
        'active_in': 'date',
        'terminated_in': 'date',
        'reactivated_in': 'date',
        'assets': 'decimal(28, 2)',
        'months_fallen': 'integer',
        'months_stable': 'integer',
        'time_deposits_in': 'date',
        'decline_began_in': 'date',
    } -%}
    {%- do state.update(lifecycle_evidence()) -%}
    {{ return(state) }}
{%- endmacro %}
