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
    {{ lifecycle_stages('present', 'measured', 'terms', 'state') }}
),

causes as (
    {{ lifecycle_causes('staged', trail, 'terms', 'state') }}
),

stays as (
    {{ lifecycle_stays('staged', 'terms', 'state') }}
),

stages as (
    {{ policy_in_force(ref('policy_lifecycle_stage'), months) }}
),

-- Of who declines: the cause with the lowest precedence of those in evidence.
caused as (
    {{ lifecycle_caused('staged', 'causes', 'terms', policy_in_force(
        ref('policy_decline_cause'), months
    )) }}
)

select
    staged.customer_key,
    staged.month,
    staged.judged_on,
    staged.is_closed,
    staged.stage,
    case
        when staged.stage <> 'declining' then 'none'
        when staged.ends_on is not null then 'notice'
        when staged.accounts_open = 0 and staged.unsettled = 0 then 'leaving'
        when staged.accounts_open = 0 then 'unsettled'
        else 'falling'
    end as sub_state,
    stages.relationship_stage,
    staged.reactivated_in is not null as is_reactivated,
    staged.reactivated_in,
    case when staged.stage = 'declining' then staged.ends_on end as notice_ends_on,
    coalesce(caused.cause, 'none') as decline_cause,
    coalesce(caused.strategy, 'none') as decline_strategy,
    stays.months_in_stage,
    {% for measure in [
        'accounts_open', 'unsettled', 'debt', 'active_in', 'months_silent', 'terminated_in',
        'own_transactions', 'income', 'cost', 'profit', 'assets', 'baseline_assets',
        'volume_change', 'volume_swing', 'months_fallen', 'months_stable', 'closing_assets',
    ] -%}
    staged.{{ measure }},
    {% endfor -%}
    staged.external_known as external_assets,
    staged.wallet_share,
    staged.time_deposits_in,
    causes.decline_began_in,
    {% for name, type in lifecycle_evidence().items() -%}
    cast(causes.{{ name }} as {{ type }}) as {{ name }},
    {% endfor -%}
    {% for bound in lifecycle_bounds() -%}
    terms.{{ bound }}_bound,
    {% endfor -%}
    {% for choice in lifecycle_choices() -%}
    terms.{{ choice }}_choice,
    {% endfor -%}
    terms.policy_version,
from staged
inner join terms on staged.month = terms.month
inner join stages on staged.stage = stages.stage and staged.month = stages.month
inner join stays
    on staged.customer_key = stays.customer_key and staged.month = stays.month
left join causes
    on staged.customer_key = causes.customer_key and staged.month = causes.month
left join caused
    on staged.customer_key = caused.customer_key and staged.month = caused.month
{%- endmacro %}

{#
    Per customer and month, of which month in a row in its stage this is: one more than since the
    last month that began a row, or than the state's where the row goes on from there.
#}
{% macro lifecycle_stays(staged, terms, before) -%}
    with

    followed as (
        select
            staged.customer_key,
            staged.month,
            before.months_in_stage as state_months_in_stage,
            coalesce(
                {{ one_before('staged.stage') }} = staged.stage
                and {{ one_before('staged.month') }} = terms.before_month,
                before.stage = staged.stage and before.month = terms.before_month,
                false
            ) as goes_on,
        from {{ staged }} as staged
        inner join {{ terms }} as terms on staged.month = terms.month
        left join {{ before }} as before on staged.customer_key = before.customer_key
        window so_far as (partition by staged.customer_key order by staged.month)
    )

    select
        customer_key,
        month,
        coalesce(
            1 + {{ months_between(
                so_far('max', 'case when not goes_on then month end'), 'month'
            ) }},
            cast({{ so_far('sum', '1') }} as integer) + state_months_in_stage
        ) as months_in_stage,
    from followed
    window so_far as (partition by customer_key order by month)
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
