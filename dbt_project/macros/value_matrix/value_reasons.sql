{#
    Why customers stand in their cells: what was measured against the amount at which it is full,
    what each indicator brought, how much of each axis could be measured, and both scores against
    their cuts. Rows of indicators add up to those of their axis, and current points less cost points
    are the score of current value.
#}
{% macro value_reasons() -%}
    {%- set rows = [] -%}
    {%- for axis, names in value_axes().items() -%}
        {%- for indicator in names -%}
            {%- do rows.append(reason(
                'value_cell', 'cell', indicator ~ '_measure', indicator ~ '_value',
                indicator ~ '_full', said_value(indicator),
                indicator ~ '_measure is not null and ' ~ indicator ~ '_value is not null'
            )) -%}
            {%- do rows.append(value_reason(
                indicator, indicator ~ '_weighted', 'null', said_indicator(axis, indicator),
                indicator ~ '_measure is not null'
            )) -%}
        {%- endfor -%}
        {%- do rows.append(value_reason(
            axis ~ '_coverage', axis ~ '_coverage', 'null', said_axis_coverage(axis)
        )) -%}
    {%- endfor -%}
    {{ return(rows + [
        value_reason('current_points', 'current_points', 'null', said_current_points()),
        value_reason('cost_points', 'cost_points', 'null', said_cost_points()),
        value_reason('current_score', 'current_score', 'current_cut', said_score('current')),
        value_reason(
            'potential_score', 'potential_score', 'potential_cut', said_score('potential')
        ),
    ]) }}
{%- endmacro %}

{% macro value_reason(measure, value, bound, says, takes_part='true') -%}
    {{ return(reason('value_cell', 'cell', "'" ~ measure ~ "'", value, bound, says, takes_part)) }}
{%- endmacro %}

{# An amount or a count as people read it. #}
{% macro plain_text(amount) -%}
    replace({{ money_text(amount) }}, '.00', '')
{%- endmacro %}

{% macro said_value(indicator) -%}
    '{{ indicator | replace('_', ' ') | capitalize }} by '
    || replace({{ indicator }}_measure, '_', ' ') || ': ' || {{ plain_text(indicator ~ '_value') }}
    || ' of the ' || {{ plain_text(indicator ~ '_full') }} || ' that are full.'
{%- endmacro %}

{% macro said_indicator(axis, indicator) -%}
    '{{ indicator | replace('_', ' ') | capitalize }}: '
    || coalesce(
        {{ money_text(indicator ~ '_points') }} || ' points, of which '
        || {{ money_text(indicator ~ '_weighted') }}
        || ' {{ 'are taken off' if axis == 'cost' else 'count' }} at a weight of ',
        'not measured, so that nothing counts at a weight of '
    )
    || {{ share_text(indicator ~ '_weight') }}
    || case
        when
            missing_choice = 'reweigh' and {{ indicator }}_points is not null
            and {{ axis }}_coverage < 1
            then ' in the ' || {{ share_text(axis ~ '_coverage') }} || ' measured'
        else ''
    end || '.'
{%- endmacro %}

{% macro said_axis_coverage(axis) -%}
    'What is measured weighs ' || {{ share_text(axis ~ '_coverage') }} || ' of {{
        {'current': 'current value', 'cost': 'cost', 'potential': 'potential value'}[axis]
    }}.'
{%- endmacro %}

{% macro said_current_points() -%}
    'Business brings ' || {{ money_text('current_points') }} || ' points of current value.'
{%- endmacro %}

{% macro said_cost_points() -%}
    'Cost takes ' || {{ money_text('cost_points') }} || ' points off it.'
{%- endmacro %}

{% macro said_score(axis) -%}
    case
        when {{ axis }}_coverage > 0
            then
                '{{ axis | capitalize }} value of ' || {{ money_text(axis ~ '_score') }}
                || ' points lies ' || case
                    when {{ axis }}_distance < 0 then 'below the cut of '
                    when {{ axis }}_distance > 0 then 'above the cut of '
                    when on_cut_choice = 'high' then 'on the cut, which counts as high, of '
                    else 'on the cut, which counts as low, of '
                end
        else 'Of {{ axis }} value nothing is measured: it is low, whatever the cut of '
    end || {{ money_text(axis ~ '_cut') }} || '.'
{%- endmacro %}
