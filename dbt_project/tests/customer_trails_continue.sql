-- A trail begins with a customer's first month and goes on month by month, and so do its days.
select
    trail.customer_key,
    trail.month,
    trail.months_known,
    trail.days_known,
    before.months_known as months_before,
    before.days_known as days_before,
from {{ ref('fct_customer_trail') }} as trail
left join {{ ref('fct_customer_trail') }} as before
    on
        trail.customer_key = before.customer_key
        and {{ add_months('trail.month', -1) }} = before.month
        and before.month >= {{ add_months(window_month(), -1) }}
where
    trail.month >= {{ window_month() }}
    and (
        trail.months_known <> coalesce(before.months_known, 0) + 1
        or trail.days_known
        <> coalesce(before.days_known, 0) + {{ days_between('trail.month', 'trail.judged_on') }} + 1
    )
