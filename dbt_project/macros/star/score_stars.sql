{# Per month: dimensions' and measures' weights in force, a column each, in ten-thousandths. #}
{% macro star_weights(months) -%}
    select
        months.month,
        {% for dimension in star_dimensions() -%}
        {{ in_parts("max(case when dimensions.dimension = '" ~ dimension ~ "'"
            ~ " then dimensions.weight end)") }} as {{ dimension }},
        {% endfor -%}
        {% for measure in star_measures() -%}
        {{ in_parts("max(case when measures.measure = '" ~ measure ~ "'"
            ~ " then measures.weight end)") }} as {{ measure }},
        {% endfor -%}
    from {{ months }} as months
    left join {{ ref('policy_star_dimension') }} as dimensions
        on {{ valid_on('dimensions', 'months.judged_on') }}
    left join {{ ref('policy_star_measure') }} as measures
        on
            dimensions.dimension = measures.dimension
            and {{ valid_on('measures', 'months.judged_on') }}
    group by months.month
{%- endmacro %}

{#
    Per month and measure: its steps in force, with points in hundredths. No end is open, as a join
    by plain comparisons is hashed, and one that asks for nulls is not.
#}
{% macro star_steps(months) -%}
    select
        measure,
        month,
        lower_bound,
        {{ in_cents('points') }} as point_cents,
        coalesce(cast(lower_bound as decimal(18, 6)), {{ open_below() }}) as begins_at,
        coalesce(
            cast(
                lead(lower_bound) over (partition by measure, month order by step)
                as decimal(18, 6)
            ),
            {{ open_above() }}
        ) as ends_at,
    from (
        {{ policy_in_force(ref('policy_star_score'), months) }}
    ) as scores
{%- endmacro %}

{#
    Per month: grades in force, each with the hundredths of points it begins and ends at, and with
    the one above it.
#}
{% macro star_bands(months) -%}
    select
        *,
        coalesce(lead(begins_at) over band_order, {{ above_all() }}) as ends_at,
        lead(grade_code) over band_order as next_grade,
        lead(lower_bound) over band_order as next_bound,
    from (
        select
            month,
            grade_rank,
            grade_code,
            lower_bound,
            coalesce(
                {{ in_cents('lower_bound') }} + case when lower_inclusive then 0 else 1 end,
                {{ below_all() }}
            ) as begins_at,
        from (
            {{ policy_in_force(ref('policy_star_band'), months) }}
        ) as in_force
    ) as bands
    window band_order as (partition by month order by grade_rank)
{%- endmacro %}

{#
    Points of what was measured: per measure the bound of the step it lies in, per dimension its
    points, weight and weighted points, in all the points, which are the sum of the weighted ones,
    and the coverage. Rounded twice, so that it can be checked by hand: a dimension's points, and
    what of them counts.
    `measured`: relation like measure_stars(); `windows`: like star_windows(); `months`: with month
    and judged_on.
#}
{% macro score_stars(measured, windows, months) -%}
    {%- set dimensions, measures = star_dimensions(), star_measures() -%}
    with

    weights as (
        {{ star_weights(months) }}
    ),

    steps as (
        {{ star_steps(months) }}
    ),

    -- A measure that the policy in force does not weigh takes no part.
    weighed as (
        select
            measured.customer_key,
            measured.month,
            measured.judged_on,
            measured.is_closed,
            measured.suitable_up_to,
            {% for measure in measures -%}
            case when weights.{{ measure }} is not null then measured.{{ measure }} end
                as {{ measure }},
            case when weights.{{ measure }} is not null
                then {{ 'cast(measured.' ~ measure ~ ' as decimal(18, 6))'
                    if star_measure_types()[measure] == 'bigint'
                    else boundable('measured.' ~ measure) }}
            end as {{ measure }}_held,
            coalesce(weights.{{ measure }}, 0) as {{ measure }}_parts,
            {% endfor -%}
            {% for dimension in dimensions -%}
            coalesce(weights.{{ dimension }}, 0) as {{ dimension }}_parts,
            {% endfor -%}
            windows.star_missing = 'reweigh' as reweighs,
            case
                when windows.star_missing = 'neutral'
                    then {{ in_cents('windows.neutral_points') }}
                else 0
            end as fill_cents,
        from {{ measured }} as measured
        inner join {{ windows }} as windows on measured.month = windows.month
        inner join weights on measured.month = weights.month
    ),

    stepped as (
        select
            weighed.*,
            {% for measure in measures -%}
            {{ measure }}_step.lower_bound as {{ measure }}_bound,
            coalesce({{ measure }}_step.point_cents, weighed.fill_cents) as {{ measure }}_points,
            case
                when weighed.{{ measure }}_held is null and weighed.reweighs then 0
                else weighed.{{ measure }}_parts
            end as {{ measure }}_counted,
            {% endfor -%}
            {% for dimension, names in dimensions.items() -%}
            case
                when coalesce({{ 'weighed.' ~ names | join('_held, weighed.') ~ '_held' }})
                    is not null
                    then weighed.{{ dimension }}_parts
                else 0
            end as {{ dimension }}_measured,
            {% endfor -%}
        from weighed
        {% for measure in measures -%}
        left join steps as {{ measure }}_step
            on
                {{ measure }}_step.measure = '{{ measure }}'
                and weighed.month = {{ measure }}_step.month
                and weighed.{{ measure }}_held >= {{ measure }}_step.begins_at
                and weighed.{{ measure }}_held < {{ measure }}_step.ends_at
        {% endfor -%}
    ),

    covered as (
        select
            *,
            {{ dimensions | join('_measured + ') ~ '_measured' }} as covered_parts,
            {{ dimensions | join('_parts + ') ~ '_parts' }} as all_parts,
            {% for dimension, names in dimensions.items() -%}
            {{ names | join('_counted + ') ~ '_counted' }} as {{ dimension }}_counted,
            {% endfor -%}
        from stepped
    ),

    pointed as (
        select
            *,
            case when reweighs then covered_parts else all_parts end as divisor,
            {% for dimension, names in dimensions.items() -%}
            {% set brought = [] -%}
            {% for measure in names -%}
            {% do brought.append(measure ~ '_counted * ' ~ measure ~ '_points') -%}
            {% endfor -%}
            case
                when covered_parts > 0 and {{ dimension }}_counted > 0
                    then {{ divide_whole(
                        '(' ~ brought | join(' + ') ~ ')', dimension ~ '_counted'
                    ) }}
            end as {{ dimension }}_cents,
            {% endfor -%}
        from covered
    ),

    totalled as (
        select
            *,
            {% for dimension in dimensions -%}
            case
                when {{ dimension }}_cents is null then 0
                else {{ divide_whole(
                    '(' ~ dimension ~ '_cents * ' ~ dimension ~ '_parts)', 'divisor'
                ) }}
            end as {{ dimension }}_weighted,
            {% endfor -%}
        from pointed
    )

    select
        customer_key,
        month,
        judged_on,
        is_closed,
        suitable_up_to,
        {% for measure in measures -%}
        {{ measure }},
        {{ measure }}_bound,
        {% endfor -%}
        {% for dimension in dimensions -%}
        {{ from_cents(dimension ~ '_cents') }} as {{ dimension }}_points,
        {{ from_parts(dimension ~ '_parts') }} as {{ dimension }}_weight,
        {{ from_cents(dimension ~ '_weighted') }} as {{ dimension }}_weighted,
        {% endfor -%}
        {{ from_parts('covered_parts') }} as coverage,
        {{ dimensions | join('_weighted + ') ~ '_weighted' }} as point_cents,
        {{ from_cents('(' ~ dimensions | join('_weighted + ') ~ '_weighted)') }} as points,
    from totalled
{%- endmacro %}
