-- Kinds and channels are two ways to cut the same transactions; classes of products count no more
-- than products, and products no more than accounts. A part of a flow is no more than the flow.
with

months as (
    select
        customer_key,
        month,
        transactions,
        inflow - outflow as net_flow,
        third_party_transactions,
        own_transactions,
        transactions - system_transactions as transactions_by_customer,
        income_transactions,
        salary_transactions + pension_transactions as income_by_kind,
        other_bank_inflow between 0 and inflow
        and other_bank_outflow between 0 and outflow
        and abs(transfer_amount) <= transfer_turnover
        and transfer_turnover <= inflow + outflow as parts_within_flows,
        late_amount,
        late_inflow - late_outflow as late_net_flow,
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
        accounts_ever,
        accounts_ending,
        surveys,
        survey_score,
        leads,
        unmet_interests,
    from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }}
)

select *
from months
where
    transactions <> transactions_by_kind
    or transactions <> transactions_by_channel
    or net_flow <> amounts_by_kind
    or own_transactions <> transactions_by_customer
    or income_transactions <> income_by_kind
    or not parts_within_flows
    or late_amount <> late_net_flow
    or third_party_transactions not between 0 and transactions
    or classes_held > products_held
    or products_held > accounts_open
    or accounts_open > accounts_ever
    or accounts_ending not between 0 and accounts_open
    or surveys < 0
    or survey_score < 0
    or unmet_interests not between 0 and leads
    or logins < 0
    or complaints < 0
