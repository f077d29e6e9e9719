"""One query per landing table: the contract's columns in their order, and loaded_on.

They read the decoded files, `booked`, `closing`, `lived` and the code tables. Two clocks:
loaded_on is the first day on which the bank knew the row, never later knowledge.
"""

from __future__ import annotations

import duckdb

from orchestration.sources.berka.codes import (
    CARD_TYPES,
    CURRENT_ACCOUNT,
    DAYS_PAST_DUE_IN_DEBT,
    K_SYMBOLS,
    OPERATIONS,
    TYPES,
    URBAN_FROM_PERCENT,
    Meaning,
)

PRODUCTS = (
    (CURRENT_ACCOUNT, "Current account", "demand"),
    *((f"card-{card_type}", f"Card, {card_type}", "card") for card_type in CARD_TYPES),
)


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Views that several tables read: signs, meanings, owners, the period the files cover."""
    signs = ", ".join(f"('{code}', {sign})" for code, sign in TYPES.items())
    con.execute(f"create or replace temp table type_codes as from (values {signs}) t(code, sign)")
    _create_codes(con, "operation_codes", OPERATIONS)
    _create_codes(con, "k_symbol_codes", K_SYMBOLS)
    con.execute("""
        create or replace temp table booked as
        select trans.*, trans.amount * type_codes.sign as signed_amount
        from trans
        join type_codes on type_codes.code = trans.type
    """)
    con.execute("""
        create or replace temp table period as
        select
            least((select min(date) from account), min(date)) as first_day,
            max(date) as last_day
        from trans
    """)
    # An account has one owner in the published files; of several the lowest number counts.
    con.execute("""
        create or replace temp table owned as
        select account.*, owner.client_id
        from account
        join (
            select disp.account_id, arg_min(disp.client_id, disp.disp_id) as client_id
            from disp
            semi join client using (client_id)
            where disp.type = 'OWNER'
            group by disp.account_id
        ) as owner using (account_id)
    """)
    con.execute("""
        create or replace temp table roles as
        select
            disp.disp_id, disp.client_id, disp.account_id, disp.type, owned.date,
            owned.district_id
        from disp
        semi join client using (client_id)
        join owned using (account_id)
        qualify row_number() over (
            partition by disp.account_id, disp.client_id order by disp.disp_id
        ) = 1
    """)


def _create_codes(con: duckdb.DuckDBPyConnection, table: str, codes: dict[str, Meaning]) -> None:
    con.execute(
        f"create or replace temp table {table}"
        " (code varchar, kind varchar, channel varchar, rail varchar)"
    )
    con.executemany(
        f"insert into {table} values (?, ?, ?, ?)",
        [[code, m.kind, m.channel, m.rail] for code, m in codes.items()],
    )


_PRODUCT_VALUES = ", ".join(f"('{p}', '{name}', '{cls}')" for p, name, cls in PRODUCTS)

QUERIES = {
    # The files hold no weight and no funds-transfer price: neutral ones, so that class totals
    # are plain sums and no spread income appears.
    "products": f"""
        select
            product_id,
            period.first_day as effective_on,
            product_name,
            product_class,
            1::decimal(18, 6) as asset_weight,
            0::decimal(18, 6) as ftp_spread,
            period.first_day as loaded_on
        from (values {_PRODUCT_VALUES}) as p(product_id, product_name, product_class), period
    """,
    "customers": f"""
        with first_account as (
            select
                client_id,
                min(date) as opened_on,
                arg_min(district_id, (date, account_id)) as branch_id
            from roles
            group by client_id
        )
        select
            client.client_id as customer_id,
            first_account.opened_on as effective_on,
            'retail' as customer_type,
            null as name,
            null as id_number,
            null as phone,
            null as address,
            client.birth_number as birth_date,
            client.gender,
            district.a3 || ' / ' || district.a2 as region,
            case when district.a10 >= {URBAN_FROM_PERCENT} then 'urban'
                when district.a10 is not null then 'rural' end as area,
            first_account.branch_id,
            null as relationship_manager,
            first_account.opened_on,
            null as closed_on,
            null as household_income,
            null as risk_appetite,
            null as acquisition_source,
            null as industry,
            first_account.opened_on as loaded_on
        from client
        join first_account using (client_id)
        left join district on district.a1 = client.district_id
    """,
    "accounts": f"""
        with held as (
            select account_id::varchar as account_id, client_id, '{CURRENT_ACCOUNT}' as product_id,
                district_id, date
            from owned
            union all
            select 'card-' || card.card_id, roles.client_id, 'card-' || card.type,
                roles.district_id, card.issued
            from card
            join roles using (disp_id)
        )
        select
            account_id,
            date as effective_on,
            client_id as customer_id,
            product_id,
            'CZK' as currency,
            district_id as branch_id,
            date as opened_on,
            null as closed_on,
            'active' as status,
            null as credit_limit,
            null as agency_group,
            date as loaded_on
        from held
    """,
    "account_roles": """
        select
            account_id,
            client_id as customer_id,
            date as effective_on,
            case type when 'OWNER' then 'owner' when 'DISPONENT' then 'authorised' end as role,
            null as ended_on,
            date as loaded_on
        from roles
    """,
    "account_balances": """
        select account_id, balance_on, closing_balance, balance_on as loaded_on
        from closing
        qualify closing_balance is distinct from lag(closing_balance) over (
            partition by account_id order by balance_on
        )
    """,
    "transactions": """
        select
            trans_id as transaction_id,
            account_id,
            date as booked_on,
            signed_amount as amount,
            coalesce(k_symbols.kind, operations.kind) as kind,
            coalesce(k_symbols.channel, operations.channel) as channel,
            coalesce(
                k_symbols.rail, if(bank <> '', 'third_party', null), operations.rail
            ) as rail,
            bank as counterparty_bank,
            date as loaded_on
        from booked
        join operation_codes as operations on operations.code = booked.operation
        join k_symbol_codes as k_symbols on k_symbols.code = booked.k_symbol
    """,
    # A status is known when the contract has run out, not when the loan is granted.
    "loans": """
        with lent as (
            select loan.*, owned.client_id, loan.date + to_months(loan.duration::int) as ends_on
            from loan
            join owned using (account_id)
        ),
        versions as (
            select *, date as effective_on, 'running' as version_status from lent
            union all
            select lent.*, ends_on::date, if(status = 'A', 'repaid', 'written_off')
            from lent, period
            where status in ('A', 'B') and ends_on <= period.last_day
        )
        select
            loan_id,
            effective_on,
            account_id,
            client_id as customer_id,
            date as granted_on,
            amount,
            duration as term_months,
            payments as instalment,
            null as purpose,
            null as collateral,
            version_status as status,
            effective_on as loaded_on
        from versions
    """,
    # C and D are the bank's word on running contracts on the last day; nothing earlier is known.
    "loan_performance": f"""
        with observed as (
            select last_day, last_day(last_day + 1 - interval 1 month) as month_end from period
        )
        select
            loan.loan_id,
            month_end,
            if(status = 'D', {DAYS_PAST_DUE_IN_DEBT}, 0) as days_past_due,
            greatest(
                0, amount - payments * least(duration, date_sub('month', date, month_end))
            )::decimal(18, 2) as outstanding,
            status = 'D' as in_default,
            last_day as loaded_on
        from loan
        semi join owned using (account_id)
        cross join observed
        where status in ('C', 'D') and date <= month_end
    """,
}
