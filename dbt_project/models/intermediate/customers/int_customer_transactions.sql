{{ config(materialized='table') }}

with

months as (
    {{ build_months() }}
),

-- A transaction counts in the month that learned of it: among the month's own, or as late if it was
-- booked in an earlier one. So every one counts once, and closed months stay as known.
learned as (
    select
        coalesce(accounts.customer_key, {{ unassigned() }}) as customer_key,
        months.month,
        transactions.kind,
        transactions.channel,
        transactions.rail,
        transactions.amount > 0 as is_inflow,
        transactions.version_sign as learned_sign,
        case
            when transactions.version_sign < 0 then -transactions.amount else transactions.amount
        end as learned_amount,
        transactions.booked_on < months.month as is_late,
    from {{ ref('stg_transactions') }} as transactions
    inner join months
        on
            transactions.known_on >= months.month
            and transactions.known_on < months.period_end
    left join {{ ref('int_accounts_in_force') }} as accounts
        on transactions.account_key = accounts.account_key and months.month = accounts.month
    where transactions.known_on >= {{ window_month() }}
),

transactions as (
    select
        *,
        case when is_late then 0 else learned_sign end as version_sign,
        case when is_late then 0 else learned_amount end as amount,
    from learned
)

select
    customer_key,
    month,
    cast(sum(version_sign) as bigint) as transactions,
    cast(sum(case when is_inflow then amount else 0 end) as decimal(28, 2)) as inflow,
    cast(sum(case when is_inflow then 0 else -amount end) as decimal(28, 2)) as outflow,
    {% for kind in transaction_kinds() -%}
    {% set chosen = "case when kind = '" ~ kind ~ "' then {} else 0 end" -%}
    cast(sum({{ chosen.format('version_sign') }}) as bigint) as {{ kind }}_transactions,
    cast(sum({{ chosen.format('amount') }}) as decimal(28, 2)) as {{ kind }}_amount,
    {% endfor -%}
    {% for channel in transaction_channels() -%}
    {% set chosen = "case when channel = '" ~ channel ~ "' then {} else 0 end" -%}
    cast(sum({{ chosen.format('version_sign') }}) as bigint) as {{ channel }}_transactions,
    {% endfor -%}
    cast(
        sum(case when rail = 'third_party' then version_sign else 0 end) as bigint
    ) as third_party_transactions,
    cast(sum(case when is_late then learned_sign else 0 end) as bigint) as late_transactions,
    cast(sum(case when is_late then learned_amount else 0 end) as decimal(28, 2)) as late_amount,
from transactions
group by customer_key, month
