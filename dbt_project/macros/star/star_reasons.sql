{#
    Why customers hold their stars: what was measured against the step it lies in, what each
    dimension brought to the points, the coverage, the points against the bound of the grade held,
    what was held before, and how many evaluations in a row lay below against how many are forgiven.
    The dimensions' rows add up to the points; the grade is the one held before, unless there was
    none or an evaluation follows the points, which it does but for those forgiven.
#}
{% macro star_reasons() -%}
    {%- set rows = [] -%}
    {%- for measure in star_measures() -%}
        {%- do rows.append(star_reason(
            measure, measure, measure ~ '_bound', said_measure(measure), measure ~ ' is not null'
        )) -%}
    {%- endfor -%}
    {%- for dimension in star_dimensions() -%}
        {%- do rows.append(star_reason(
            dimension, dimension ~ '_weighted', 'null', said_dimension(dimension)
        )) -%}
    {%- endfor -%}
    {{ return(rows + [
        star_reason('coverage', 'coverage', 'null', said_coverage()),
        star_reason('points', 'points', 'held_bound', said_points()),
        star_reason('points_rank', 'points_rank', 'null', said_rank()),
        star_reason(
            'rank_before', 'rank_before', 'points_rank', said_before(), 'rank_before is not null'
        ),
        star_reason(
            'evaluation', 'case when is_evaluation then 1 else 0 end', 'null', said_evaluation()
        ),
        star_reason(
            'evaluations_below', 'evaluations_below', 'buffer_evaluations', said_evaluations()
        ),
    ]) }}
{%- endmacro %}

{% macro star_reason(measure, value, bound, says, takes_part='true') -%}
    {{ return(reason('star_grade', 'grade', "'" ~ measure ~ "'", value, bound, says, takes_part)) }}
{%- endmacro %}

{% macro said_measure(measure) -%}
    {%- set name = measure | replace('_', ' ') | capitalize -%}
    {%- set is_count = star_measure_types()[measure] == 'bigint' -%}
    '{{ name }} '
    || {{ 'cast(' ~ measure ~ ' as string)' if is_count else money_text(measure) }}
    || coalesce(
        ': in the step from '
        || {% if is_count -%}
        replace(cast({{ measure }}_bound as string), '.00', '')
        {%- else -%}
        {{ money_text(measure ~ '_bound') }}
        {%- endif %} || '.',
        ': in the first step.'
    )
{%- endmacro %}

{% macro said_dimension(dimension) -%}
    '{{ dimension | replace('_', ' ') | capitalize }} '
    || coalesce(
        'brings ' || {{ money_text(dimension ~ '_points') }} || ' points: '
        || {{ money_text(dimension ~ '_weighted') }} || ' count at a weight of ',
        'is not measured, and counts nothing at a weight of '
    )
    || {{ share_text(dimension ~ '_weight') }}
    || case
        when missing_choice = 'reweigh' and {{ dimension }}_points is not null
            then ' in the ' || {{ share_text('coverage') }} || ' measured'
        else ''
    end || '.'
{%- endmacro %}

{% macro said_coverage() -%}
    'What is measured weighs ' || {{ share_text('coverage') }} || ' of everything.'
{%- endmacro %}

{% macro said_points() -%}
    {{ money_text('points') }} || ' points are worth ' || points_grade
    || case when grade = points_grade then ', the grade held' else '; held is ' || grade end
    || coalesce(', which begins at ' || {{ money_text('held_bound') }}, '') || '.'
{%- endmacro %}

{% macro said_rank() -%}
    'Rank ' || cast(points_rank as string) || ' is what the points are worth.'
{%- endmacro %}

{% macro said_before() -%}
    'Rank ' || cast(rank_before as string) || ' was held before, ' || case
        when rank_before > points_rank then 'above'
        when rank_before < points_rank then 'below'
        else 'the same as'
    end || ' what the points are worth.'
{%- endmacro %}

{% macro said_evaluation() -%}
    case
        when is_evaluation then 'The month ends with an evaluation.'
        else 'Grades are held until the evaluation on ' || cast(next_evaluation_on as string) || '.'
    end
{%- endmacro %}

{% macro said_evaluations() -%}
    case status
        when 'not_rated' then 'Nothing has been measured so far.'
        when 'provisional'
            then 'Provisional until the evaluation on ' || cast(next_evaluation_on as string) || '.'
        else
            case
                when evaluations_below = 0 then 'Not below the grade'
                else
                    'Below the grade at ' || cast(evaluations_below as string)
                    || ' evaluation(s) in a row, of which ' || cast(buffer_evaluations as string)
                    || ' may be forgiven'
            end
            || '; the next is on ' || cast(next_evaluation_on as string) || '.'
    end
{%- endmacro %}
