-- A month opens with what the month before closed with, plus what was learned late about days
-- before it. An account that was there stays there.
select
    months.account_key,
    months.month,
    months.opening_balance,
    months.late_change,
    before.closing_balance as closing_before,
from {{ ref('int_account_balance_month') }} as months
left join {{ ref('int_account_balance_month') }} as before
    on
        months.account_key = before.account_key
        and {{ add_months('months.month', -1) }} = before.month
        and before.month >= {{ add_months(window_month(), -1) }}
where
    months.month >= {{ window_month() }}
    and months.opening_balance <> coalesce(before.closing_balance, 0) + months.late_change
