{{ config(materialized='table') }}

{% set turnover = 'case when is_inflow then {amount} else -{amount} end' -%}
{% set flows = [
    ('inflow', 'is_inflow', '{amount}'),
    ('outflow', 'not is_inflow', '-{amount}'),
    ('other_bank_inflow', 'is_other_bank and is_inflow', '{amount}'),
    ('other_bank_outflow', 'is_other_bank and not is_inflow', '-{amount}'),
    ('transfer_turnover', "kind = 'transfer'", turnover),
] -%}
{% set counts = [
    ('own_transactions', 'is_own'),
    ('income_transactions', "kind in ('salary', 'pension')"),
] -%}
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
        transactions.booked_on,
        transactions.known_on,
        transactions.kind,
        transactions.channel,
        transactions.rail,
        transactions.is_other_bank,
        transactions.channel <> 'system' as is_own,
        transactions.amount > 0 as is_inflow,
        transactions.booked_on < months.month as is_late,
        transactions.version_sign,
        case
            when transactions.version_sign < 0 then -transactions.amount else transactions.amount
        end as amount,
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
        case when is_late then 0 else version_sign end as timely_sign,
        case when is_late then version_sign else 0 end as belated_sign,
        case when is_late then 0 else amount end as timely_amount,
        case when is_late then amount else 0 end as belated_amount,
    from learned
),

own_days as (
    {{ learned_days('(select * from learned where is_own)', 'booked_on', 'max',
        'last_own_transaction_on') }}
),

totals as (
    select
        customer_key,
        month,
        cast(sum(timely_sign) as bigint) as transactions,
        {% for name, condition, amount in flows -%}
        {% for prefix, of in [('', 'timely_amount'), ('late_', 'belated_amount')] -%}
        cast(
            sum(case when {{ condition }} then {{ amount.format(amount=of) }} else 0 end)
            as decimal(28, 2)
        ) as {{ prefix }}{{ name }},
        {% endfor -%}
        {% endfor -%}
        {% for name, condition in counts -%}
        {% for prefix, of in [('', 'timely_sign'), ('late_', 'belated_sign')] -%}
        cast(sum(case when {{ condition }} then {{ of }} else 0 end) as bigint)
            as {{ prefix }}{{ name }},
        {% endfor -%}
        {% endfor -%}
        {% for kind in transaction_kinds() -%}
        {% set chosen = "case when kind = '" ~ kind ~ "' then {} else 0 end" -%}
        cast(sum({{ chosen.format('timely_sign') }}) as bigint) as {{ kind }}_transactions,
        cast(sum({{ chosen.format('timely_amount') }}) as decimal(28, 2)) as {{ kind }}_amount,
        {% if kind in ('fee', 'transfer', 'insurance') -%}
        cast(sum({{ chosen.format('belated_amount') }}) as decimal(28, 2))
            as late_{{ kind }}_amount,
        {% endif -%}
        {% endfor -%}
        {% for channel in transaction_channels() -%}
        {% set chosen = "case when channel = '" ~ channel ~ "' then {} else 0 end" -%}
        cast(sum({{ chosen.format('timely_sign') }}) as bigint) as {{ channel }}_transactions,
        {% endfor -%}
        cast(
            sum(case when rail = 'third_party' then timely_sign else 0 end) as bigint
        ) as third_party_transactions,
        cast(sum(belated_sign) as bigint) as late_transactions,
        cast(sum(belated_amount) as decimal(28, 2)) as late_amount,
    from transactions
    group by customer_key, month
)

select
    totals.*,
    own_days.last_own_transaction_on,
from totals
left join own_days
    on totals.customer_key = own_days.customer_key and totals.month = own_days.month
