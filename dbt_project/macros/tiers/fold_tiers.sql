{#
    Judges month after month: a customer's tier after a month is a function of the tier held
    before it, how many months in a row the measure was below that tier, and the month's measure.

    `measured`: relation (scheme_code, customer_key, month, measured_rank), one row per scheme,
    customer and month judged. `state`: relation (scheme_code, customer_key, month, tier_rank,
    months_carried, best_rank) with what was held at the end of earlier months. `months`: relation
    with the months judged and judged_on; rules come from it, not from `measured`, as they are read
    again at every step.

    A customer without a state for the month before is new and gets the measured tier. Up as soon
    as the measure reaches a higher tier. Below the held tier: kept for the grace of that tier;
    at the month that fills it, down to the latest or the best tier measured since falling below.
#}
{% macro fold_tiers(measured, state, months) -%}
    with recursive

    rules as (
        select
            bounds.scheme_code,
            bounds.tier_rank,
            bounds.month,
            grace.grace_months,
            grace.demote_to,
        from (
            {{ policy_in_force(ref('policy_tier_bound'), months) }}
        ) as bounds
        inner join {{ ref('policy_tier_grace') }} as grace
            on
                bounds.grace_code = grace.grace_code
                and {{ valid_on('grace', 'bounds.judged_on') }}
    ),

    started as (
        select
            measured.scheme_code,
            measured.customer_key,
            {{ add_months('measured.month', -1) }} as month,
            state.tier_rank,
            coalesce(state.months_carried, 0) as months_carried,
            state.best_rank,
        from {{ measured }} as measured
        left join {{ measured }} as before
            on
                measured.scheme_code = before.scheme_code
                and measured.customer_key = before.customer_key
                and {{ add_months('measured.month', -1) }} = before.month
        left join {{ state }} as state
            on
                measured.scheme_code = state.scheme_code
                and measured.customer_key = state.customer_key
                and {{ add_months('measured.month', -1) }} = state.month
        where before.customer_key is null
    ),

    judged as (
        select
            scheme_code,
            customer_key,
            month,
            cast(null as integer) as rank_before,
            cast(tier_rank as integer) as tier_rank,
            cast(0 as integer) as months_below,
            cast(months_carried as integer) as months_carried,
            cast(best_rank as integer) as best_rank,
            true as is_state,
        from started
        union all
        select
            scheme_code,
            customer_key,
            month,
            rank_before,
            case
                when rank_before is null or measured_rank >= rank_before then measured_rank
                when below_now >= grace_months and demote_to = 'best' then best_now
                when below_now >= grace_months then measured_rank
                else rank_before
            end as tier_rank,
            case
                when rank_before is null or measured_rank >= rank_before then 0
                else below_now
            end as months_below,
            case
                when rank_before is null or measured_rank >= rank_before then 0
                when below_now >= grace_months then 0
                else below_now
            end as months_carried,
            case
                when rank_before is null or measured_rank >= rank_before then null
                when below_now >= grace_months then null
                else best_now
            end as best_rank,
            false as is_state,
        from (
            select
                measured.scheme_code,
                measured.customer_key,
                measured.month,
                cast(measured.measured_rank as integer) as measured_rank,
                judged.tier_rank as rank_before,
                judged.months_carried + 1 as below_now,
                cast(
                    greatest(coalesce(judged.best_rank, 0), measured.measured_rank) as integer
                ) as best_now,
                coalesce(rules.grace_months, 1) as grace_months,
                coalesce(rules.demote_to, 'latest') as demote_to,
            from judged
            inner join {{ measured }} as measured
                on
                    judged.scheme_code = measured.scheme_code
                    and judged.customer_key = measured.customer_key
                    and {{ add_months('judged.month', 1) }} = measured.month
            left join rules
                on
                    judged.scheme_code = rules.scheme_code
                    and judged.tier_rank = rules.tier_rank
                    and measured.month = rules.month
        ) as step
    )

    select
        scheme_code,
        customer_key,
        month,
        rank_before,
        tier_rank,
        months_below,
        months_carried,
        best_rank,
    from judged
    where not is_state
{%- endmacro %}
