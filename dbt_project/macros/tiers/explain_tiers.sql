{#
    Why a tier: the measure against the bound of the tier held; and below a tier held before, the
    grace: for how long already, until when, and what is measured against what was held.
    `verdicts`: relation like tier_month.
#}
{% macro explain_tiers(verdicts) -%}
    {% set tier = {
        'measure': 'measure_code',
        'value': 'measure_amount',
        'bound': 'held_bound',
        'says': said_tier(),
        'takes_part': 'true',
    } -%}
    {{ explained(verdicts, [tier] + grace_reasons(), 'scheme_code', 'tier') }}
{%- endmacro %}

{% macro grace_reasons() -%}
    {{ return([
        {
            'measure': "'months_below'",
            'value': 'months_below',
            'bound': 'grace_months',
            'says': said_months_below(),
            'takes_part': 'months_below > 0',
        },
        {
            'measure': "'days_of_grace'",
            'value': days_between('judged_on', 'falls_on'),
            'bound': '0',
            'says': said_days_of_grace(),
            'takes_part': "months_below > 0 and change = 'none'",
        },
        {
            'measure': "'measured_rank'",
            'value': 'measured_rank',
            'bound': 'rank_before',
            'says': said_measured_rank(),
            'takes_part': 'months_below > 0',
        },
    ]) }}
{%- endmacro %}

{% macro said_tier() -%}
    measure_code || ' is ' || {{ money_text('measure_amount') }} || ', which measures as '
    || measured_tier || '; ' || case change
        when 'new' then 'first judgement: ' || tier
        when 'upgrade' then 'up from ' || tier_before || ' to ' || tier
        when 'downgrade'
            then
                'below ' || tier_before || ' for ' || cast(months_below as string)
                || ' month(s): down to ' || tier
        else 'keeps ' || tier
    end || '.'
{%- endmacro %}

{% macro said_months_below() -%}
    'Below ' || tier_before || ' at ' || cast(months_below as string)
    || ' month end(s) in a row; rule ' || grace_code || ' takes it at '
    || cast(grace_months as string) || '.'
{%- endmacro %}

{% macro said_days_of_grace() -%}
    tier_before || ' is kept through ' || cast(falls_on as string)
    || ' if the measure does not recover.'
{%- endmacro %}

{% macro said_measured_rank() -%}
    'Measures as ' || measured_tier || ', rank ' || cast(measured_rank as string) || '; '
    || tier_before || ', held before, has rank ' || cast(rank_before as string) || '.'
{%- endmacro %}
