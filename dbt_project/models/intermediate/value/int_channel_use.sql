{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Transactions by kind and channel, and logins as a kind of their own, in the month that learned of
-- them.
with

months as (
    {{ build_months() }}
),

learned as (
    select
        accounts.customer_key,
        months.month,
        transactions.kind,
        transactions.channel,
        transactions.version_sign as uses,
    from {{ ref('stg_transactions') }} as transactions
    inner join months
        on
            transactions.known_on >= months.month
            and transactions.known_on < months.period_end
    inner join {{ ref('int_accounts_in_force') }} as accounts
        on transactions.account_key = accounts.account_key and months.month = accounts.month
    where transactions.known_on >= {{ window_month() }}
    union all
    select
        logins.customer_key,
        months.month,
        'login' as kind,
        logins.channel,
        case when logins.version_sign < 0 then -logins.logins else logins.logins end as uses,
    from {{ ref('stg_channel_logins') }} as logins
    inner join months
        on logins.known_on >= months.month and logins.known_on < months.period_end
    where logins.known_on >= {{ window_month() }}
)

select
    customer_key,
    month,
    kind,
    channel,
    cast(sum(uses) as bigint) as uses,
from learned
group by customer_key, month, kind, channel
