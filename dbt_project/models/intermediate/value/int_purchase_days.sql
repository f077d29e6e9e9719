{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What a month learned of the days on which customers paid somebody.
with

months as (
    {{ build_months() }}
)

select
    accounts.customer_key,
    months.month,
    transactions.booked_on,
    cast(sum(transactions.version_sign) as bigint) as payments,
    cast(
        sum(
            case
                when transactions.version_sign < 0 then transactions.amount
                else -transactions.amount
            end
        ) as decimal(28, 2)
    ) as spend,
from {{ ref('stg_transactions') }} as transactions
inner join months
    on
        transactions.known_on >= months.month
        and transactions.known_on < months.period_end
inner join {{ ref('int_accounts_in_force') }} as accounts
    on transactions.account_key = accounts.account_key and months.month = accounts.month
where
    transactions.known_on >= {{ window_month() }}
    and transactions.kind in ('payment', 'bill')
    and transactions.channel <> 'system'
    and transactions.amount < 0
group by accounts.customer_key, months.month, transactions.booked_on
having
    sum(transactions.version_sign) <> 0
    or sum(
        case
            when transactions.version_sign < 0 then transactions.amount else -transactions.amount
        end
    ) <> 0
