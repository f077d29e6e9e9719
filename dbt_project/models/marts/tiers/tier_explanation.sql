{{ config(materialized='view') }}

select
    scheme_code,
    customer_key,
    month,
    judged_on,
    tier_before,
    tier,
    change,
    takes_effect_on,
    measure_code,
    measure_amount,
    measured_tier,
    held_bound,
    margin,
    next_tier,
    next_bound,
    gap_to_next,
    months_below,
    grace_code,
    falls_on,
    policy_version,
    measure_code || ' of ' || cast(month as string) || ' to ' || cast(judged_on as string)
    || ' is ' || {{ money_text('measure_amount') }}
    || ', which measures as ' || measured_tier || '. '
    || case when is_closed then '' else 'Provisional, as if the month had ended that day. ' end
    || case
        when change = 'new'
            then
                'First judgement: gets ' || tier || ' from ' || cast(takes_effect_on as string)
                || '.'
        when change = 'upgrade'
            then
                'Held ' || tier_before || ' before: up to ' || tier || ' from '
                || cast(takes_effect_on as string) || '.'
        when change = 'downgrade'
            then
                'Below ' || tier_before || ' for ' || cast(months_below as string)
                || ' month(s), the limit of rule ' || grace_code || ': down to ' || tier || ' from '
                || cast(takes_effect_on as string) || '.'
        when months_below > 0
            then
                'Below the held ' || tier || ' for ' || cast(months_below as string)
                || ' month(s); rule ' || grace_code || ' keeps it through '
                || cast(falls_on as string) || '.'
        else 'Keeps ' || tier || '.'
    end
    || coalesce(
        ' ' || {{ money_text('gap_to_next') }} || ' short of ' || next_tier || ', which begins at '
        || {{ money_text('next_bound') }} || '.',
        ' Highest tier.'
    )
    || coalesce(
        ' ' || {{ money_text('abs(margin)') }}
        || case when margin < 0 then ' below' else ' above' end
        || ' the bound of ' || tier || ', ' || {{ money_text('held_bound') }} || '.',
        ''
    ) as explanation,
from {{ ref('tier_month') }}
