{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- How long those had been in a stage who were in another one at this month end, or in none.
with

closed as (
    select
        customer_key,
        month,
        stage,
        months_in_stage,
    from {{ ref('lifecycle_month') }}
    where is_closed and month >= {{ add_months(window_month(), -1) }}
),

left_stages as (
    select
        {{ add_months('before.month', 1) }} as month,
        before.stage,
        before.months_in_stage,
    from closed as before
    left join closed as after
        on
            before.customer_key = after.customer_key
            and {{ add_months('before.month', 1) }} = after.month
    where coalesce(before.stage <> after.stage, true)
)

select
    left_stages.month,
    left_stages.stage,
    count(*) as customers,
    cast({{ ratio('sum(left_stages.months_in_stage)', 'count(*)') }} as decimal(18, 6))
        as mean_months,
    max(left_stages.months_in_stage) as longest_months,
from left_stages
inner join (select max(month) as month from closed) as last_closed
    on left_stages.month <= last_closed.month
where left_stages.month >= {{ window_month() }}
group by left_stages.month, left_stages.stage
