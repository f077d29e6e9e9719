{#
    Balance rows as they came from the window's month on, in the order of knowledge, each with the
    newest balance day that was known before it: a row behind that day is late. What an account's
    closed months end with stands before its first row.

    `closed`: relation (account_key, month, judged_on, latest_balance_on, closing_balance) of the
    account's closed months.
#}
{% macro balance_arrivals(closed) -%}
    {%- set arrived -%}
    (
        select account_key from {{ ref('stg_account_balances') }}
        where known_on >= {{ window_month() }} and known_on < {{ window_end() }}
    )
    {%- endset -%}
    select
        *,
        max(balance_on) over (
            partition by account_key order by known_on, balance_on
            rows between unbounded preceding and 1 preceding
        ) as newest_before,
    from (
        select
            account_key,
            balance_on,
            known_on,
            closing_balance,
        from {{ ref('stg_account_balances') }}
        where known_on >= {{ window_month() }} and known_on < {{ window_end() }}
        union all
        {{ balances_held_before(window_month(), closed, arrived) }}
    ) as timeline
{%- endmacro %}

{#
    What closed months before a month end with, as balance rows of the accounts in `concerned`.
    `closed`: as above; `concerned`: relation with account_key.
#}
{% macro balances_held_before(month, closed, concerned) -%}
    select
        closed.account_key,
        closed.latest_balance_on as balance_on,
        closed.judged_on as known_on,
        closed.closing_balance,
    from {{ closed }} as closed
    inner join (select distinct account_key from {{ concerned }}) as concerned
        on closed.account_key = concerned.account_key
    where closed.month = {{ add_months(month, -1) }}
{%- endmacro %}
