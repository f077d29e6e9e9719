{#
    Balance rows of the accounts in `late` that may lie beside a late one: those that became known
    from the month of the earliest late day on, and what closed months before it end with.

    It never looks back into the window, whose own months are not closed yet: what was known before
    a month of it stands in none of them.

    `late`: relation (account_key, balance_on, ..); `closed`: like that of balance_arrivals.
#}
{% macro balances_before(late, closed) -%}
    {%- set first_month -%}
    (
        select least(cast(date_trunc('month', min(late.balance_on)) as date), {{ window_month() }})
        from {{ late }} as late
    )
    {%- endset -%}
    select
        stg.account_key,
        stg.balance_on,
        stg.known_on,
        stg.closing_balance,
    from {{ ref('stg_account_balances') }} as stg
    inner join (select distinct account_key from {{ late }}) as concerned
        on stg.account_key = concerned.account_key
    where stg.known_on >= {{ first_month }} and stg.known_on < {{ window_end() }}
    union all
    {{ balances_held_before(first_month, closed, late) }}
{%- endmacro %}
