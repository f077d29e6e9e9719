{#
    What led to each verdict of the lifecycle: which test decided the stage, the measures of all
    tests, evidence of causes where the stage is declining. A measure without a value says what policy does without it. The verdict
    follows from the rows: macros lifecycle_stages and lifecycle_evidence_for.
#}
{% macro lifecycle_reasons() -%}
    {%- set held = 'active_in is not null' -%}
    {%- set rows = [reason('stage', 'stage', "'decided_by'", 'null', 'null', said_stage())] -%}
    {%- for measure, value, bound, unit, where, says, against in [
        ('account_ever', 'case when ' ~ held ~ ' then 1 else 0 end', '1', 'count', 'true',
            'Accounts ever held', 'a prospect below'),
        ('accounts_open', 'accounts_open', '1', 'count', held,
            'Open accounts', 'declining or terminated below'),
        ('months_silent', 'months_silent', 'silent_months_bound', 'count', held,
            'Months since the last open account or own transaction', 'terminated from'),
        ('unsettled', 'unsettled', '0', 'amount', held,
            'Balances and debts either way', 'terminated only at'),
        ('months_since_return', months_between('reactivated_in', 'month'), '0', 'count',
            'is_reactivated', 'Months since the customer came back', 'developing at'),
        ('days_of_notice', days_between('judged_on', 'notice_ends_on'), '0', 'count',
            "sub_state = 'notice'", 'Days until the end in sight', 'declining above'),
        ('volume_change', 'volume_change', '-fall_share_bound', 'share', held,
            'Volume against its baseline', 'a fall from'),
        ('months_fallen', 'months_fallen', 'fall_months_bound', 'count', held,
            'Months of falling in a row', 'declining from'),
        ('own_transactions', 'own_transactions', 'repeat_count_bound', 'count', held,
            'Own transactions in the window', 'growing from'),
        ('profit', 'profit', '0', 'amount', held,
            'Income less cost in the window', 'growing above'),
        ('volume_swing', 'volume_swing', 'stable_share_bound', 'share', held,
            'Distance of the volume from its baseline', 'level up to'),
        ('months_stable', 'months_stable', 'stable_months_bound', 'count', held,
            'Level months in a row', 'mature from'),
        ('wallet_share', 'wallet_share', 'wallet_share_bound', 'share', held,
            'Share of wallet', 'mature from'),
    ] -%}
        {%- set without = {
            'profit': "'not measured, so ' || profit_missing_choice",
            'wallet_share': "'not known, so ' || wallet_missing_choice",
        }.get(measure, "'not measured'") -%}
        {%- do rows.append(reason(
            'stage', 'stage', "'" ~ measure ~ "'", value, bound,
            lifecycle_sentence(says, unit, value, without, against, bound), where
        )) -%}
    {%- endfor -%}
    {%- for measure, bound, unit, says, against in [
        ('decline_assets', 'top_assets_bound', 'amount',
            'Highest baseline since the decline began', 'a top customer from'),
        ('largest_outflow', 'outflow_share_bound', 'share',
            'Largest fall of a month, of the baseline', 'sudden from'),
        ('competitor_outflow', 'competitor_share_bound', 'share',
            'Moved to other banks, of the fall of assets', 'to a competitor from'),
        ('matured_deposits', '1', 'count', 'Time deposits ended and not renewed', 'evidence from'),
        ('complaints', 'complaints_bound', 'count', 'Complaints', 'evidence from'),
        ('fee_share', 'fee_share_bound', 'share', 'Fees, of the baseline of assets', 'evidence from'),
        ('unmet_interests', 'unmet_interests_bound', 'count',
            'Interests in products not held', 'evidence from'),
        ('ended_incomes', '1', 'count', 'Salaries or pensions that ended', 'evidence from'),
        ('days_past_due', 'past_due_days_bound', 'count', 'Days past due', 'evidence from'),
        ('loans_in_default', '1', 'count', 'Loans in default', 'evidence from'),
        ('debt', '0', 'amount', 'Owed on loans and cards', 'nothing to recover at'),
    ] -%}
        {%- do rows.append(reason(
            'decline_cause', 'decline_cause', "'" ~ measure ~ "'", measure, bound,
            lifecycle_sentence(says, unit, measure, "'not measured'", against, bound),
            "stage = 'declining'"
        )) -%}
    {%- endfor -%}
    {%- do rows.append(reason(
        'decline_cause', 'decline_cause', "'income_less_cost'", 'profit', '0',
        lifecycle_sentence(
            'Income less cost in the window', 'amount', 'profit', "'not measured'",
            'nothing to win below', '0'
        ),
        "stage = 'declining'"
    )) -%}
    {{ return(rows) }}
{%- endmacro %}

{# The test that decided a stage, of those that lifecycle_stages asks in order. #}
{% macro said_stage() -%}
    case stage
        when 'prospect' then 'No account was ever held.'
        when 'terminated' then 'Silent long enough, and nothing is owed or held either way.'
        when 'declining'
            then
                case sub_state
                    when 'notice'
                        then 'The relationship ends on ' || cast(notice_ends_on as string) || '.'
                    when 'leaving' then 'No account is open, and not silent for long enough yet.'
                    when 'unsettled' then 'No account is open, and something is not settled.'
                    else 'The volume has fallen for long enough.'
                end
        when 'mature' then 'Growing, and level for long enough with enough of the wallet.'
        when 'growing'
            then
                'Enough own transactions at a profit; not mature, '
                || case
                    when months_stable < stable_months_bound then 'not level for long enough.'
                    else 'too little of the wallet.'
                end
        else
            case
                when reactivated_in = month then 'Came back this month.'
                when own_transactions < repeat_count_bound
                    then 'Held, and too few own transactions to be growing.'
                else 'Held, and without a profit to be growing.'
            end
    end
{%- endmacro %}

{% macro lifecycle_sentence(says, unit, value, without, against, bound) -%}
    '{{ says }}: ' || coalesce({{ said(unit, value) }}, {{ without }})
    || '; {{ against }} ' || {{ said(unit, bound) }} || '.'
{%- endmacro %}

{% macro said(unit, value) -%}
    {%- if unit == 'share' -%}{{ share_text(value) }}
    {%- elif unit == 'amount' -%}{{ money_text(value) }}
    {%- else -%}cast(cast({{ value }} as bigint) as string)
    {%- endif -%}
{%- endmacro %}
