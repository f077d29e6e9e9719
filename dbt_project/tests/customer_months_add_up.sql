-- Kinds and channels are two ways to cut the same transactions; classes of products count no more
-- than products, and products no more than accounts.
{% set kinds = transaction_kinds() -%}
{% set channels = transaction_channels() -%}
select
    customer_key,
    month,
    transactions,
    inflow,
    outflow,
    accounts_open,
    products_held,
    classes_held,
from {{ ref('fct_customer_month') }}
where
    month >= {{ window_month() }}
    and not (
        transactions = {{ kinds | join('_transactions + ') }}_transactions
        and transactions = {{ channels | join('_transactions + ') }}_transactions
        and inflow - outflow = {{ kinds | join('_amount + ') }}_amount
        and third_party_transactions between 0 and transactions
        and classes_held <= products_held
        and products_held <= accounts_open
        and logins >= 0
        and complaints >= 0
    )
