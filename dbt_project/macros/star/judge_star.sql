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
        select
            *,
            coverage > 0 as is_measured,
            -- What measures nothing has fewer points than any, and so the lowest grade.
            case when coverage > 0 then point_cents else {{ below_all() }} end as graded_cents,
        from (
            {{ score_stars('measured', 'windows', months) }}
        ) as points_of_all
    ),

    rated as (
        select
            scored.*,
            bands.grade_rank as points_rank,
            bands.grade_code as points_grade,
        from scored
        inner join bands
            on
                scored.month = bands.month
                and scored.graded_cents >= bands.begins_at
                and scored.graded_cents < bands.ends_at
    ),

    folded as (
        {{ fold_stars('rated', 'windows', before) }}
    )

    select
        rated.customer_key,
        rated.month,
        rated.judged_on,
        rated.is_closed,
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
        rated.suitable_up_to,
        folded.rank_before,
        folded.grade_rank,
        rated.points_rank,
        windows.is_evaluation,
        folded.evaluations_below,
        folded.evaluations_carried,
        windows.buffer_evaluations,
        {{ next_evaluation('rated.month', 'rated.is_closed', 'windows.evaluation_months') }}
            as next_evaluation_on,
        rated.points,
        rated.coverage,
        windows.star_missing as missing_choice,
        held.lower_bound as held_bound,
        rated.points - held.lower_bound as margin,
        held.next_grade,
        held.next_bound,
        held.next_bound - rated.points as gap_to_next,
        {% for dimension in star_dimensions() -%}
        rated.{{ dimension }}_points,
        rated.{{ dimension }}_weight,
        rated.{{ dimension }}_weighted,
        {% endfor -%}
        {% for measure in star_measures() -%}
        rated.{{ measure }},
        rated.{{ measure }}_bound,
        {% endfor -%}
        versions.policy_version,
    from rated
    -- Left, so that the narrow side is hashed; everybody rated stands in it.
    left join folded
        on rated.customer_key = folded.customer_key and rated.month = folded.month
    inner join windows on rated.month = windows.month
    inner join versions on rated.month = versions.month
    -- Inner, it would be joined first, by the month alone, and multiply all rows.
    left join bands as held
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
