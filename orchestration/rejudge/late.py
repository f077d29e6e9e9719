"""Which rows came after their month had been judged, and so can change what is said of it."""

from __future__ import annotations

from datetime import date

import duckdb

from orchestration.landing.contract import Contract, TableContract

# How a staged row leads to its customer: its own key, or that of an account or loan as known today.
_OWNERS = {
    "customer_key": "select distinct customer_key as link, customer_key from {rows}",
    "account_key": "select account_key as link, max_by(customer_key, (effective_on, known_on)) "
    "as customer_key from home.staging.stg_accounts group by account_key",
    "loan_key": "select loan_key as link, max_by(customer_key, (effective_on, known_on)) "
    "as customer_key from home.staging.stg_loans group by loan_key",
}


def count_late_rows(
    con: duckdb.DuckDBPyConnection, contract: Contract, first_day: date, end: date
) -> None:
    """Table late_rows: customer_key, delivered table, rows, first and last day they became known.

    Counted is what speaks of a day before `end` and became known only after the month of that day.
    What the first delivery brought was known as early as anything.
    """
    con.execute(
        "create table late_rows (customer_key bigint, table_name varchar, rows bigint, "
        "first_known_on date, last_known_on date)"
    )
    for name, table in contract.tables.items():
        link = _link(con, f"stg_{name}")
        if link is not None:
            con.execute(_late(name, table, link), {"first_day": first_day, "end": end})


def _link(con: duckdb.DuckDBPyConnection, staged: str) -> str | None:
    """The column that leads to the customer; None where the table is not staged or has none."""
    found = con.execute(
        "select column_name from duckdb_columns() where database_name = 'home' "
        "and schema_name = 'staging' and table_name = ?",
        [staged],
    ).fetchall()
    columns = {name for (name,) in found}
    return next((link for link in _OWNERS if link in columns), None)


def _late(name: str, table: TableContract, link: str) -> str:
    rows = f"home.staging.stg_{name}"
    return (
        f"insert into late_rows select owners.customer_key, '{name}', count(*), "
        "min(late.known_on), max(late.known_on) "
        f"from (select {link} as link, known_on from {rows} where {table.happened} < $end "
        f"and known_on >= date_trunc('month', {table.happened}) + interval 1 month "
        "and known_on > $first_day) as late "
        f"inner join ({_OWNERS[link].format(rows=rows)}) as owners on late.link = owners.link "
        "group by owners.customer_key"
    )
