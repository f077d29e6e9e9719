{#
    Why companies have their ratings: what each block brought and both parts against their weights,
    the points against the bound of the model's grade, what knocks out, what was overridden, why there
    is no grade, and until when it is valid. Blocks add up to the points of their part. The card
    itself, indicator by indicator, is rating_points.
#}
{% macro rating_reasons() -%}
    {%- set rows = [] -%}
    {%- for part, names in rating_blocks().items() -%}
        {%- for block in names -%}
            {%- do rows.append(rating_reason(
                block ~ '_points', block ~ '_points', 'null', said_rating_block(part, block),
                'total_points is not null'
            )) -%}
        {%- endfor -%}
        {%- do rows.append(rating_reason(
            part ~ '_points', part ~ '_points', 'null', said_rating_part(part),
            'total_points is not null'
        )) -%}
    {%- endfor -%}
    {{ return(rows + [
        rating_reason(
            'total_points', 'total_points', 'model_bound', said_rating_points(),
            'total_points is not null'
        ),
        rating_reason(
            'override', 'case when is_override_bounded then 1 else 0 end', 'null', said_rating_override(), 'is_override'
        ),
        rating_reason(
            'knockout', '1', 'null', said_rating_knockout(),
            'grade is not null and knockout is not null'
        ),
        rating_reason('status', 'grade_rank', 'null', said_rating_status()),
        rating_reason(
            'outlook', 'points_change', 'outlook_points', said_rating_outlook(),
            'outlook is not null'
        ),
    ]) }}
{%- endmacro %}

{% macro rating_reason(measure, value, bound, says, takes_part='true') -%}
    {{ return(reason('rating', 'rating', "'" ~ measure ~ "'", value, bound, says, takes_part)) }}
{%- endmacro %}

{# Points as people read them, to the hundredth; the columns keep all decimals. #}
{% macro points_text(points) -%}
    {{ money_text('cast(' ~ points ~ ' as decimal(18, 2))') }}
{%- endmacro %}

{% macro said_rating_block(part, block) -%}
    '{{ block | replace('result', 'financial result') | capitalize }} brings '
    || {{ points_text(block ~ '_points') }} || ' points'
    {%- if part == 'quantitative' %}
    || ' by the ' || {{ block }}_set || ' set'
    {%- endif %} || '.'
{%- endmacro %}

{% macro said_rating_part(part) -%}
    'The {{ part }} part comes to ' || {{ points_text(part ~ '_points') }}
    || ' points, which weigh ' || {{ share_text(part ~ '_weight') }}
    || case
        when {{ part }}_missing > 0
            then '; of its weight ' || {{ share_text(part ~ '_missing') }} || ' is missing'
        else ''
    end || '.'
{%- endmacro %}

{% macro said_rating_points() -%}
    {{ points_text('total_points') }}
    || case when status = 'rated' then ' points are worth ' else ' points would be worth ' end
    || model_grade
    || coalesce(', which begins at ' || {{ points_text('model_bound') }}, ', the lowest grade')
    || '.'
{%- endmacro %}

{% macro said_rating_override() -%}
    override_approver || ' decided on ' || cast(override_decided_on as string) || ' for '
    || override_grade || ' until ' || cast(override_ends_on as string) || ': ' || override_reason
    || case
        when is_override_bounded
            then ' (more notches from ' || model_grade || ' than policy allows)'
        else ''
    end || '.'
{%- endmacro %}

{% macro said_rating_knockout() -%}
    'No better than ' || knockout_grade || ', as the condition ' || replace(knockout, '_', ' ')
    || ' applies.'
{%- endmacro %}

{% macro said_rating_status() -%}
    case
        when grade is not null
            then
                'Rated ' || grade || ', '
                || case action
                    when 'new' then 'for the first time or again'
                    when 'up' then 'up from ' || grade_before
                    when 'down' then 'down from ' || grade_before
                    when 'affirmed' then 'affirmed by new evidence'
                    else 'as before'
                end || ', from ' || cast(valid_from as string) || ', valid up to '
                || cast({{ day_before('valid_to') }} as string) || '.'
        else
            case status
                when 'expired' then 'The rating has expired: '
                when 'withdrawn' then 'The rating is withdrawn: '
                else 'There is no rating: '
            end
            || case unrated_reason
                when 'relationship_ended' then 'the relationship has ended'
                when 'decided' then 'an approver decided so'
                when 'no_statement' then 'no financial statement is known'
                when 'no_sheet' then 'nothing of the qualitative sheet is known'
                when 'stale_statement'
                    then 'the newest statement is of ' || cast(year_end as string)
                when 'stale_sheet'
                    then 'the newest assessment is of ' || cast(assessed_on as string)
                when 'not_reviewed'
                    then 'no evidence has come since ' || cast(evidence_on as string)
                when 'incomplete_statement' then 'too many indicators are missing'
                else 'too many items of the sheet are missing'
            end || '.'
    end
{%- endmacro %}

{% macro said_rating_outlook() -%}
    case
        when outlook_source = 'decision' then 'The outlook is ' || outlook || ' by decision.'
        when points_before is null
            then 'The outlook is ' || outlook || ', as there are no earlier points to compare.'
        else
            'The outlook is ' || outlook || ': points changed by '
            || {{ points_text('points_change') }} || '.'
    end
{%- endmacro %}
