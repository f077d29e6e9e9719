{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- On how many days a customer is known to have paid somebody, added up since the first one. A day
-- counts while more of its payments are known than were taken back, however late it is learned of.
{% set state = {
    'customer_key': 'bigint', 'month': 'date', 'purchase_days': 'bigint',
    'spend': 'decimal(28, 2)', 'first_purchase_on': 'date', 'last_purchase_on': 'date',
} -%}
with

months as (
    {{ build_months() }}
),

state as (
    select *
    from (
        {{ closed_months(this.name, state) }}
    ) as closed
    where month = {{ add_months(window_month(), -1) }}
),

learned as (
    select * from {{ ref('int_purchase_days') }} where month >= {{ window_month() }}
),

-- Of a day before this run's months, what was known of it already.
earlier as (
    select
        known.customer_key,
        known.booked_on,
        sum(known.payments) as payments,
    from {{ ref('int_purchase_days') }} as known
    inner join (
        select distinct customer_key, booked_on from learned where booked_on < {{ window_month() }}
    ) as late on known.customer_key = late.customer_key and known.booked_on = late.booked_on
    where known.month < {{ window_month() }}
    group by known.customer_key, known.booked_on
),

counted as (
    select
        learned.customer_key,
        learned.month,
        learned.booked_on,
        learned.payments,
        learned.spend,
        coalesce(earlier.payments, 0) + {{ so_far('sum', 'learned.payments') }} as known_payments,
    from learned
    left join earlier
        on
            learned.customer_key = earlier.customer_key
            and learned.booked_on = earlier.booked_on
    window so_far as (
        partition by learned.customer_key, learned.booked_on order by learned.month
    )
),

changes as (
    select
        customer_key,
        month,
        sum(
            case when known_payments > 0 then 1 else 0 end
            - case when known_payments - payments > 0 then 1 else 0 end
        ) as purchase_days,
        sum(spend) as spend,
        min(case when known_payments > 0 then booked_on end) as first_purchase_on,
        max(case when known_payments > 0 then booked_on end) as last_purchase_on,
    from counted
    group by customer_key, month
),

seen as (
    select
        customer_key,
        min(month) as first_month,
    from (
        select customer_key, {{ window_month() }} as month from state
        union all
        select customer_key, month from changes
    ) as appearances
    group by customer_key
),

running as (
    select
        seen.customer_key,
        months.month,
        months.judged_on,
        months.is_closed,
        coalesce({{ so_far('sum', 'changes.purchase_days') }}, 0) as purchase_days,
        coalesce({{ so_far('sum', 'changes.spend') }}, 0) as spend,
        {{ so_far('min', 'changes.first_purchase_on') }} as first_purchase_on,
        {{ so_far('max', 'changes.last_purchase_on') }} as last_purchase_on,
    from seen
    inner join months on seen.first_month <= months.month
    left join changes
        on seen.customer_key = changes.customer_key and months.month = changes.month
    window so_far as (partition by seen.customer_key order by months.month)
)

select
    running.customer_key,
    running.month,
    running.judged_on,
    running.is_closed,
    cast(running.purchase_days + coalesce(state.purchase_days, 0) as bigint) as purchase_days,
    cast(running.spend + coalesce(state.spend, 0) as decimal(28, 2)) as spend,
    least(running.first_purchase_on, state.first_purchase_on) as first_purchase_on,
    greatest(running.last_purchase_on, state.last_purchase_on) as last_purchase_on,
from running
left join state on running.customer_key = state.customer_key
