-- Kinds and channels are two ways to cut the same transactions; classes of products count no more
-- than products, and products no more than accounts.
with

months as (
    select
        customer_key,
        month,
        transactions,
        inflow - outflow as net_flow,
        third_party_transactions,
        (
            {% for kind in transaction_kinds() -%}
            {{ '+ ' if not loop.first }}{{ kind }}_transactions
            {% endfor -%}
        ) as transactions_by_kind,
        (
            {% for kind in transaction_kinds() -%}
            {{ '+ ' if not loop.first }}{{ kind }}_amount
            {% endfor -%}
        ) as amounts_by_kind,
        (
            {% for channel in transaction_channels() -%}
            {{ '+ ' if not loop.first }}{{ channel }}_transactions
            {% endfor -%}
        ) as transactions_by_channel,
        logins,
        complaints,
        products_held,
        classes_held,
        accounts_open,
    from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }}
)

select *
from months
where
    transactions <> transactions_by_kind
    or transactions <> transactions_by_channel
    or net_flow <> amounts_by_kind
    or third_party_transactions not between 0 and transactions
    or classes_held > products_held
    or products_held > accounts_open
    or logins < 0
    or complaints < 0
