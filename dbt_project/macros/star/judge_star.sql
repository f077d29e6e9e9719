{#
    The star grade (客户星级) of every customer and month: measured, scored, and held by the rules of
    evaluation. One row per customer of judged_population() and month.
    `facts`, `trail`: relations like fct_customer_month and fct_customer_trail; `months`: like
    build_months(); `before`: like star_month, with what was held at the end of earlier months.
#}
{% macro judge_star(facts, trail, months, before) -%}
    with

    windows as (
        {{ star_windows(months) }}
    ),

    bands as (
        {{ star_bands(months) }}
    ),

    versions as (
        {{ family_version('star', months, [
            ref('policy_star_dimension'), ref('policy_star_measure'),
            ref('policy_star_score'), ref('policy_star_band'),
        ]) }}
    ),

    measured as (
        {{ measure_stars(facts, trail, months, 'windows') }}
    ),

    scored as (
        {{ score_stars('measured', 'windows', months) }}
    ),

    rated as (
        select
            scored.customer_key,
            scored.month,
            scored.coverage > 0 as is_measured,
            bands.grade_rank as points_rank,
            bands.grade_code as points_grade,
        from scored
        inner join bands
            on
                scored.month = bands.month
                and (
                    (scored.coverage = 0 and bands.grade_rank = 1)
                    or (scored.coverage > 0 and {{ in_band('scored.points', 'bands') }})
                )
    ),

    folded as (
        {{ fold_stars('rated', 'windows', before) }}
    )

    select
        scored.customer_key,
        scored.month,
        scored.judged_on,
        scored.is_closed,
        held.grade_code as grade,
        rated.points_grade,
        case
            when folded.status = 'not_rated' then 'none'
            when folded.rank_before is null then 'new'
            when folded.grade_rank > folded.rank_before then 'upgrade'
            when folded.grade_rank < folded.rank_before then 'downgrade'
            else 'none'
        end as change,
        folded.status,
        scored.suitable_up_to,
        folded.rank_before,
        folded.grade_rank,
        cast(rated.points_rank as integer) as points_rank,
        windows.is_evaluation,
        folded.evaluations_below,
        folded.evaluations_carried,
        windows.buffer_evaluations,
        {{ next_evaluation('scored.month', 'scored.is_closed', 'windows.evaluation_months') }}
            as next_evaluation_on,
        scored.points,
        scored.coverage,
        held.lower_bound as held_bound,
        scored.points - held.lower_bound as margin,
        held.next_grade,
        held.next_bound,
        held.next_bound - scored.points as gap_to_next,
        {% for dimension in star_dimensions() -%}
        scored.{{ dimension }}_points,
        scored.{{ dimension }}_weight,
        scored.{{ dimension }}_weighted,
        {% endfor -%}
        {% for measure in star_measures() -%}
        scored.{{ measure }},
        scored.{{ measure }}_bound,
        {% endfor -%}
        versions.policy_version,
    from scored
    inner join rated
        on scored.customer_key = rated.customer_key and scored.month = rated.month
    inner join folded
        on scored.customer_key = folded.customer_key and scored.month = folded.month
    inner join windows on scored.month = windows.month
    inner join versions on scored.month = versions.month
    inner join bands as held
        on folded.month = held.month and folded.grade_rank = held.grade_rank
{%- endmacro %}

{#
    The last day of the next month that is evaluated: a running month may be the next one, a closed
    one has been.
#}
{% macro next_evaluation(month, is_closed, every) -%}
    {%- set left = every ~ ' - (extract(month from ' ~ month ~ ') - case when ' ~ is_closed
        ~ ' then 0 else 1 end) % ' ~ every -%}
    {{ day_before(add_months(
        month, left ~ ' + case when ' ~ is_closed ~ ' then 1 else 0 end'
    )) }}
{%- endmacro %}
