{#
    The grade held, month after month: a function of what was held before and of today's points.

    A first grade is given at the first month end that measures anything; it is provisional, and
    the first evaluation settles it either way. From then on: between evaluations it holds; at one,
    up at once, and down to the grade of the points when more evaluations in a row than the buffer
    forgives lay below. Who was not judged the month before is new.

    `rated`: relation (customer_key, month, points_rank, is_measured), one row per customer and
    month judged. `windows`: like star_windows(). `state`: relation (customer_key, month,
    grade_rank, status, evaluations_carried) with what was held at the end of earlier months.
#}
{% macro fold_stars(rated, windows, state) -%}
    with recursive

    started as (
        select
            rated.customer_key,
            {{ add_months('rated.month', -1) }} as month,
            state.grade_rank,
            coalesce(state.status, 'not_rated') as status,
            coalesce(state.evaluations_carried, 0) as evaluations_carried,
        from {{ rated }} as rated
        left join {{ rated }} as before
            on
                rated.customer_key = before.customer_key
                and {{ add_months('rated.month', -1) }} = before.month
        left join {{ state }} as state
            on
                rated.customer_key = state.customer_key
                and {{ add_months('rated.month', -1) }} = state.month
        where before.customer_key is null
    ),

    folded as (
        select
            customer_key,
            month,
            cast(null as integer) as rank_before,
            cast(grade_rank as integer) as grade_rank,
            status,
            cast(0 as integer) as evaluations_below,
            cast(evaluations_carried as integer) as evaluations_carried,
            true as is_state,
        from started
        union all
        select
            customer_key,
            month,
            rank_before,
            case
                when follows or falls then points_rank
                else rank_before
            end as grade_rank,
            case
                when rank_before is null and not is_measured then 'not_rated'
                when is_evaluation or status_before = 'evaluated' then 'evaluated'
                else 'provisional'
            end as status,
            case when follows then 0 else below_now end as evaluations_below,
            case when follows or falls then 0 else below_now end as evaluations_carried,
            false as is_state,
        from (
            select
                *,
                is_evaluation and below_now > buffer_evaluations as falls,
            from (
                select
                    rated.customer_key,
                    rated.month,
                    rated.points_rank,
                    rated.is_measured,
                    folded.status as status_before,
                    case when folded.status <> 'not_rated' then folded.grade_rank end as rank_before,
                    windows.is_evaluation,
                    windows.buffer_evaluations,
                    folded.status = 'not_rated'
                    or (
                        windows.is_evaluation
                        and (
                            folded.status = 'provisional'
                            or rated.points_rank >= folded.grade_rank
                        )
                    ) as follows,
                    folded.evaluations_carried
                    + case when windows.is_evaluation then 1 else 0 end as below_now,
                from folded
                inner join {{ rated }} as rated
                    on
                        folded.customer_key = rated.customer_key
                        and {{ add_months('folded.month', 1) }} = rated.month
                inner join {{ windows }} as windows on rated.month = windows.month
            ) as steps
        ) as step
    )

    select
        customer_key,
        month,
        rank_before,
        grade_rank,
        status,
        evaluations_below,
        evaluations_carried,
    from folded
    where not is_state
{%- endmacro %}
