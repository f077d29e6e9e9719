{#
    Per customer and month with a sign of decline (a fall, an end in sight, no account): since when,
    and what has been seen that may be its cause. Evidence stays while the signs go on, so each
    measure is its largest since they began, in this run or before it (`before`).
#}
{% macro lifecycle_causes(staged, trail, terms, before) -%}
    with

    spells as (
        select
            staged.*,
            -- The newest month without a sign of decline, or the one before all that is known.
            coalesce(
                {{ add_months('staged.calm_in', 1) }},
                before.decline_began_in,
                staged.first_month
            ) as decline_began_in,
        from (
            select
                *,
                max(case when not is_doubtful then month end) over (
                    partition by customer_key order by month
                ) as calm_in,
                min(month) over (partition by customer_key) as first_month,
            from {{ staged }}
        ) as staged
        left join {{ before }} as before on staged.customer_key = before.customer_key
        where staged.is_doubtful
    ),

    {{ trail_starts('spells', trail, terms, ['evidence_since', 'income_since']) }},

    windows as (
        select
            present.*,
            terms.evidence_since,
            {% for total in ['other_bank_outflow', 'fees', 'complaints', 'unmet_interests'] -%}
            present.total_{{ total }} - {{ total_at('evidence_since', 'total_' ~ total) }}
                as {{ total }}_now,
            {% endfor -%}
            present.total_income_transactions
            - {{ total_at('income_since', 'total_income_transactions') }} as incomes_lately,
            present.total_income_transactions
            - {{ total_at('evidence_since', 'total_income_transactions') }} as incomes,
        from spells as present
        inner join {{ terms }} as terms on present.month = terms.month
        {{ join_starts(['evidence_since', 'income_since']) }}
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
            'decline_assets >= top_assets_bound and largest_outflow >= outflow_share_bound',
        'bank_side':
            'complaints >= complaints_bound or fee_share >= fee_share_bound'
            ' or unmet_interests >= unmet_interests_bound',
        'competitor':
            'competitor_outflow >= competitor_share_bound or matured_deposits > 0',
        'own_circumstances':
            'ended_incomes > 0 or days_past_due >= past_due_days_bound or loans_in_default > 0',
        'negative_value': 'profit < 0 and debt = 0',
        'unknown': 'true',
    }) }}
{%- endmacro %}
