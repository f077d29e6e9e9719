{#
    Per month: numbers and choices of the corporate rating in force on the day judged, and the
    version. Weights and coefficients are in hundredths.
    outlook_since   month that the trend of points is held against
    `months`: relation like build_months().
#}
{% macro rating_terms(months) -%}
    {%- set whole = [
        'statement_months', 'assessment_months', 'validity_months', 'past_due_days', 'override_up',
        'override_down', 'decision_months', 'outlook_months',
    ] -%}
    {%- set hundredths = ['quantitative_weight', 'qualitative_weight'] -%}
    {%- for level in rating_levels() -%}
        {%- do hundredths.append(level ~ '_coefficient') -%}
    {%- endfor -%}
    {%- set other = ['most_missing_share', 'outlook_points'] -%}
    {%- set numbers = [] -%}
    {%- for name in whole + hundredths + other -%}
        {%- do numbers.append('rating_' ~ name) -%}
    {%- endfor -%}
    select
        months.month,
        months.judged_on,
        months.is_closed,
        {% for name in whole -%}
        cast(numbers.rating_{{ name }} as integer) as {{ name }},
        {% endfor -%}
        {% for name in hundredths -%}
        {{ in_cents('numbers.rating_' ~ name) }} as {{ name }},
        {% endfor -%}
        {% for name in other -%}
        numbers.rating_{{ name }} as {{ name }},
        {% endfor -%}
        {{ add_months('months.month', '-cast(numbers.rating_outlook_months as integer)') }}
            as outlook_since,
        choices.rating_reading as reading,
        choices.rating_set as set_choice,
        choices.rating_missing as missing_choice,
        choices.rating_bbb_split as bbb_split,
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force(numbers, months) }}
    ) as numbers on months.month = numbers.month
    inner join (
        {{ switches_in_force(
            ['rating_reading', 'rating_set', 'rating_missing', 'rating_bbb_split'], months
        ) }}
    ) as choices on months.month = choices.month
    inner join (
        {{ family_version('rating', months, [
            ref('policy_rating_block'), ref('policy_rating_indicator'),
            ref('policy_rating_benchmark'), ref('policy_rating_industry'),
            ref('policy_rating_item'), ref('policy_rating_grade'),
            ref('policy_rating_master_scale'), ref('policy_rating_knockout'),
        ]) }}
    ) as versions on months.month = versions.month
{%- endmacro %}

{#
    Per month: grades in force as BBB is cut, each with its notch, counted from the lowest, the
    points it begins and ends at in millionths, the one above it, and its place on the master scale.
#}
{% macro rating_bands(months, terms) -%}
    select
        graded.month,
        graded.grade_rank,
        graded.grade,
        graded.lower_bound,
        row_number() over band_order as notch,
        graded.begins_at,
        coalesce(lead(graded.begins_at) over band_order, {{ above_all() }}) as ends_at,
        lead(graded.grade) over band_order as next_grade,
        lead(graded.lower_bound) over band_order as next_bound,
        scale.default_probability,
    from (
        {{ rating_grade_bounds(months) }}
    ) as graded
    inner join {{ terms }} as terms
        on
            graded.month = terms.month
            and (
                graded.applies = 'always'
                or graded.applies = case terms.bbb_split when 'on' then 'split' else 'unsplit' end
            )
    left join (
        {{ policy_in_force(ref('policy_rating_master_scale'), months) }}
    ) as scale
        on graded.month = scale.month and graded.grade = scale.grade
    window band_order as (partition by graded.month order by graded.grade_rank)
{%- endmacro %}

{# Per month: all rows of grades in force, with the points they begin at in millionths. #}
{% macro rating_grade_bounds(months) -%}
    select
        *,
        coalesce({{ in_millionths('lower_bound') }}, {{ below_all() }}) as begins_at,
    from (
        {{ policy_in_force(ref('policy_rating_grade'), months) }}
    ) as in_force
{%- endmacro %}

{#
    Per month and grade that anybody may name: the notch that holds its points. A grade that is not
    in force, such as BBB+ while BBB is whole, is the one it is part of.
#}
{% macro rating_named_grades(months, bands) -%}
    select
        named.month,
        named.grade,
        bands.notch,
        bands.grade as grade_in_force,
    from (
        select
            month,
            grade,
            max(begins_at) as begins_at,
        from (
            {{ rating_grade_bounds(months) }}
        ) as bounds
        group by month, grade
    ) as named
    inner join {{ bands }} as bands
        on
            named.month = bands.month
            and named.begins_at >= bands.begins_at
            and named.begins_at < bands.ends_at
{%- endmacro %}
