{#
    Per customer and month with a sign of decline (a fall, an end in sight, no account): since when,
    and what has been seen that may be its cause. Evidence stays while the signs go on, so each
    measure is its largest since they began, in this run or before it (`before`).
#}
{% macro lifecycle_causes(staged, trail, terms, before) -%}
    {%- set ends = ['month', 'evidence_since', 'income_since'] -%}
    {%- set totals = [
        'total_other_bank_outflow', 'total_fees', 'total_complaints', 'total_unmet_interests',
        'total_income_transactions',
    ] -%}
    with

    -- All months of those who show a sign of decline in one of them.
    signs as (
        select
            staged.customer_key,
            staged.month,
            max(case when not staged.is_doubtful then staged.month end) over (
                partition by staged.customer_key order by staged.month
            ) as calm_in,
            min(staged.month) over (partition by staged.customer_key) as first_month,
        from {{ staged }} as staged
        where
            staged.customer_key in (
                select doubtful.customer_key from {{ staged }} as doubtful where doubtful.is_doubtful
            )
    ),

    spells as (
        select
            staged.customer_key,
            staged.month,
            staged.reactivated_in,
            staged.assets,
            staged.assets_before,
            staged.baseline_assets,
            staged.time_deposits,
            staged.time_deposits_in,
            staged.days_past_due_now,
            staged.loans_in_default_now,
            -- After the newest month without a sign, or since before all that is built here.
            coalesce(
                {{ add_months('signs.calm_in', 1) }}, before.decline_began_in, signs.first_month
            ) as decline_began_in,
        from {{ staged }} as staged
        inner join signs
            on staged.customer_key = signs.customer_key and staged.month = signs.month
        left join {{ before }} as before on staged.customer_key = before.customer_key
        where staged.is_doubtful
    ),

    {{ trail_ends('spells', trail, terms, totals, ends) }},

    windows as (
        select
            present.*,
            terms.evidence_since,
            {% for total in ['other_bank_outflow', 'fees', 'complaints', 'unmet_interests'] -%}
            {{ grown('total_' ~ total, 'evidence_since') }} as {{ total }}_now,
            {% endfor -%}
            {{ grown('total_income_transactions', 'income_since') }} as incomes_lately,
            {{ grown('total_income_transactions', 'evidence_since') }} as incomes,
        from spells as present
        inner join {{ terms }} as terms on present.month = terms.month
        {{ join_ends(ends) }}
    ),

    seen as (
        select
            customer_key,
            month,
            decline_began_in,
            baseline_assets as decline_assets,
            {{ share_of_positive('(assets_before - assets)', 'baseline_assets') }}
                as largest_outflow,
            {{ share_of_positive('other_bank_outflow_now', '(baseline_assets - assets)') }}
                as competitor_outflow,
            case when time_deposits = 0 and time_deposits_in >= evidence_since then 1 else 0 end
                as matured_deposits,
            complaints_now as complaints,
            {{ share_of_positive('fees_now', 'baseline_assets') }} as fee_share,
            unmet_interests_now as unmet_interests,
            case when incomes_lately <= 0 and incomes > 0 then 1 else 0 end as ended_incomes,
            days_past_due_now as days_past_due,
            loans_in_default_now as loans_in_default,
        from windows
    )

    select
        seen.customer_key,
        seen.month,
        seen.decline_began_in,
        {% for name in lifecycle_evidence() -%}
        greatest(max(seen.{{ name }}) over since_then, before.{{ name }}) as {{ name }},
        {% endfor -%}
    from seen
    left join {{ before }} as before
        on
            seen.customer_key = before.customer_key
            and seen.decline_began_in = before.decline_began_in
    window since_then as (
        partition by seen.customer_key, seen.decline_began_in order by seen.month
    )
{%- endmacro %}

{# Measures of evidence, with their types. #}
{% macro lifecycle_evidence() -%}
    {{ return({
        'decline_assets': 'decimal(28, 2)',
        'largest_outflow': 'decimal(28, 6)',
        'competitor_outflow': 'decimal(28, 6)',
        'matured_deposits': 'integer',
        'complaints': 'bigint',
        'fee_share': 'decimal(28, 6)',
        'unmet_interests': 'bigint',
        'ended_incomes': 'integer',
        'days_past_due': 'integer',
        'loans_in_default': 'bigint',
    }) }}
{%- endmacro %}

{# An amount as a share of another one that must be positive to measure anything. #}
{% macro share_of_positive(amount, whole) -%}
    case
        when {{ whole }} > 0 then cast({{ ratio(amount, whole) }} as decimal(28, 6))
    end
{%- endmacro %}

{#
    Whether a customer's row shows evidence for each cause of policy_decline_cause. A cause without
    an entry here is nobody's; `unknown` is whoever shows none.
#}
{% macro lifecycle_evidence_for() -%}
    {{ return({
        'sudden_outflow':
            'causes.decline_assets >= terms.top_assets_bound'
            ' and causes.largest_outflow >= terms.outflow_share_bound',
        'bank_side':
            'causes.complaints >= terms.complaints_bound'
            ' or causes.fee_share >= terms.fee_share_bound'
            ' or causes.unmet_interests >= terms.unmet_interests_bound',
        'competitor':
            'causes.competitor_outflow >= terms.competitor_share_bound'
            ' or causes.matured_deposits > 0',
        'own_circumstances':
            'causes.ended_incomes > 0 or causes.days_past_due >= terms.past_due_days_bound'
            ' or causes.loans_in_default > 0',
        'negative_value': 'staged.profit < 0 and staged.debt = 0',
        'unknown': 'true',
    }) }}
{%- endmacro %}

{#
    Per customer and month in stage declining, the cause and its strategy: of the causes in evidence
    the one with the lowest precedence. `policies`: query of policy_decline_cause in force.
#}
{% macro lifecycle_caused(staged, causes, terms, policies) -%}
    with

    policies as (
        {{ policies }}
    ),

    precedences as (
        select
            month,
            {% for cause in lifecycle_evidence_for() -%}
            max(case when cause = '{{ cause }}' then precedence end) as {{ cause }}_precedence,
            {% endfor -%}
        from policies
        group by month
    ),

    evidenced as (
        select
            causes.customer_key,
            causes.month,
            least(
                {% for cause, evidence in lifecycle_evidence_for().items() -%}
                case when {{ evidence }} then precedences.{{ cause }}_precedence end
                {{- ',' if not loop.last }}
                {% endfor -%}
            ) as precedence,
        from {{ causes }} as causes
        inner join {{ staged }} as staged
            on causes.customer_key = staged.customer_key and causes.month = staged.month
        inner join {{ terms }} as terms on causes.month = terms.month
        inner join precedences on causes.month = precedences.month
        where staged.stage = 'declining'
    )

    select
        evidenced.customer_key,
        evidenced.month,
        policies.cause,
        policies.strategy,
    from evidenced
    inner join policies
        on evidenced.precedence = policies.precedence and evidenced.month = policies.month
{%- endmacro %}
