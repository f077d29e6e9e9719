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

{# Per month and measure: its steps in force, each with the bound it ends at. #}
{% macro star_steps(months) -%}
    select
        measure,
        month,
        points,
        lower_bound,
        lead(lower_bound) over (partition by measure, month order by step) as next_bound,
    from (
        {{ policy_in_force(ref('policy_star_score'), months) }}
    ) as scores
{%- endmacro %}

{# Per month: grades in force, each with the one above it. #}
{% macro star_bands(months) -%}
    select
        month,
        grade_rank,
        grade_code,
        lower_bound,
        lower_inclusive,
        lead(grade_code) over band_order as next_grade,
        lead(lower_bound) over band_order as next_bound,
        lead(lower_inclusive) over band_order as next_inclusive,
    from (
        {{ policy_in_force(ref('policy_star_band'), months) }}
    ) as bands
    window band_order as (partition by month order by grade_rank)
{%- endmacro %}

{#
    Points of what was measured: per measure the bound of the step it lies in, per dimension its
    points, weight and weighted points, and in all the points, which are the sum of the weighted
    ones, and the coverage. Rounded twice, and so that it can be checked by hand: a dimension's
    points, and what of them counts.
    `measured`: relation like measure_stars(); `windows`: like star_windows(); `months`: with month
    and judged_on.
#}
{% macro score_stars(measured, windows, months) -%}
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
            {% for measure in star_measures() -%}
            case when weights.{{ measure }} is not null then measured.{{ measure }} end
                as {{ measure }},
            weights.{{ measure }} as {{ measure }}_parts,
            {% endfor -%}
            {% for dimension in star_dimensions() -%}
            coalesce(weights.{{ dimension }}, 0) as {{ dimension }}_parts,
            {% endfor -%}
            windows.star_missing = 'reweigh' as reweighs,
            case
                when windows.star_missing = 'neutral' then windows.neutral_points else 0
            end as fill_points,
        from {{ measured }} as measured
        inner join {{ windows }} as windows on measured.month = windows.month
        inner join weights on measured.month = weights.month
    ),

    stepped as (
        select
            weighed.*,
            {% for measure in star_measures() -%}
            {{ measure }}_step.lower_bound as {{ measure }}_bound,
            coalesce({{ measure }}_step.points, weighed.fill_points) as {{ measure }}_points,
            case
                when weighed.{{ measure }} is null and weighed.reweighs then 0
                else coalesce(weighed.{{ measure }}_parts, 0)
            end as {{ measure }}_counted,
            {% endfor -%}
            {% for dimension, measures in star_dimensions().items() -%}
            case
                when
                    {% for measure in measures -%}
                    {{ 'or ' if not loop.first }}weighed.{{ measure }} is not null
                    {% endfor -%}
                    then weighed.{{ dimension }}_parts
                else 0
            end as {{ dimension }}_measured,
            {% endfor -%}
        from weighed
        {% for measure in star_measures() -%}
        left join steps as {{ measure }}_step
            on
                {{ measure }}_step.measure = '{{ measure }}'
                and weighed.month = {{ measure }}_step.month
                and (
                    {{ measure }}_step.lower_bound is null
                    or weighed.{{ measure }} >= {{ measure }}_step.lower_bound
                )
                and (
                    {{ measure }}_step.next_bound is null
                    or weighed.{{ measure }} < {{ measure }}_step.next_bound
                )
                and weighed.{{ measure }} is not null
        {% endfor -%}
    ),

    covered as (
        select
            *,
            {% for dimension in star_dimensions() -%}
            {{ '+ ' if not loop.first }}{{ dimension }}_measured
            {% endfor -%}
            as covered_parts,
            {% for dimension in star_dimensions() -%}
            {{ '+ ' if not loop.first }}{{ dimension }}_parts
            {% endfor -%}
            as all_parts,
        from stepped
    ),

    pointed as (
        select
            *,
            case when reweighs then covered_parts else all_parts end as divisor,
            {% for dimension, measures in star_dimensions().items() -%}
            {% set counted = [] -%}
            {% set brought = [] -%}
            {% for measure in measures -%}
            {% do counted.append(measure ~ '_counted') -%}
            {% do brought.append(measure ~ '_counted * ' ~ measure ~ '_points') -%}
            {% endfor -%}
            cast(
                case
                    when covered_parts > 0 and {{ counted | join(' + ') }} > 0
                        then {{ divide_money(
                            '(' ~ brought | join(' + ') ~ ')', '(' ~ counted | join(' + ') ~ ')',
                            scale=2
                        ) }}
                end as decimal(18, 2)
            ) as {{ dimension }}_points,
            {% endfor -%}
        from covered
    ),

    totalled as (
        select
            *,
            {% for dimension in star_dimensions() -%}
            cast(
                case
                    when {{ dimension }}_points is null then 0
                    else {{ divide_money(
                        '(' ~ dimension ~ '_points * ' ~ dimension ~ '_parts)', 'divisor', scale=2
                    ) }}
                end as decimal(18, 2)
            ) as {{ dimension }}_weighted,
            {% endfor -%}
        from pointed
    )

    select
        customer_key,
        month,
        judged_on,
        is_closed,
        suitable_up_to,
        {% for measure in star_measures() -%}
        {{ measure }},
        {{ measure }}_bound,
        {% endfor -%}
        {% for dimension in star_dimensions() -%}
        {{ dimension }}_points,
        {{ from_parts(dimension ~ '_parts') }} as {{ dimension }}_weight,
        {{ dimension }}_weighted,
        {% endfor -%}
        {{ from_parts('covered_parts') }} as coverage,
        cast(
            {% for dimension in star_dimensions() -%}
            {{ '+ ' if not loop.first }}{{ dimension }}_weighted
            {% endfor -%}
            as decimal(18, 2)
        ) as points,
    from totalled
{%- endmacro %}
