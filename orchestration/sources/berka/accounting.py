"""Rows in = rows out + stated differences, for every file."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.sources.berka.reading import MAX_BAD_SHARE
from orchestration.sources.berka.summary import BerkaError, Difference, FileSummary

# File: landing table, rows that went into it, and why others did not.
ACCOUNTS: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "district": (
        "customers",
        "select 0",
        (
            (
                "looked up for region and area, not delivered itself",
                "select count(*) from district",
            ),
        ),
    ),
    "account": (
        "accounts",
        "select count(*) from owned",
        (
            (
                "no OWNER in disp.asc who is in client.asc",
                "select count(*) from account anti join owned using (account_id)",
            ),
        ),
    ),
    "client": (
        "customers",
        "select count(distinct client_id) from roles",
        (
            (
                "no account, so no first day",
                "select count(*) from client anti join roles using (client_id)",
            ),
        ),
    ),
    "disp": (
        "account_roles",
        "select count(*) from roles",
        (
            (
                "the account was not delivered, the client is unknown, or the pair stands twice",
                "select count(*) from disp anti join roles using (disp_id)",
            ),
        ),
    ),
    "loan": (
        "loans",
        "select count(*) from loan semi join owned using (account_id)",
        (
            (
                "the account was not delivered",
                "select count(*) from loan anti join owned using (account_id)",
            ),
        ),
    ),
    "card": (
        "accounts",
        "select count(*) from card semi join roles using (disp_id)",
        (
            (
                "the disposition was not delivered",
                "select count(*) from card anti join roles using (disp_id)",
            ),
        ),
    ),
    "order": (
        "transactions",
        "select 0",
        (
            (
                "permanent orders carry no date; their payments are in the transactions",
                'select count(*) from "order"',
            ),
        ),
    ),
    "trans": ("transactions", "select count(*) from booked", ()),
}

# Rows that lead nowhere, how many, and of which table.
CONNECTIONS = (
    (
        "dispositions name a client who is not in client.asc or an account not in account.asc",
        "select count(*) from disp where client_id not in (select client_id from client)"
        " or account_id not in (select account_id from account)",
        "disp",
    ),
    (
        "accounts have no OWNER in disp.asc who is in client.asc",
        "select count(*) from account anti join owned using (account_id)",
        "account",
    ),
    (
        "transactions are of accounts that are not in account.asc",
        "select count(*) from booked anti join account using (account_id)",
        "booked",
    ),
    (
        "clients live in a district that is not in district.asc",
        "select count(*) from client where district_id not in (select a1 from district)",
        "client",
    ),
)


def file_summaries(
    con: duckdb.DuckDBPyConnection, files: dict[str, Path], rows_in: dict[str, int]
) -> tuple[FileSummary, ...]:
    """One summary per file; refuses to go on if a file's rows do not add up."""
    return tuple(_summary(con, name, path.name, rows_in[name]) for name, path in files.items())


def check_connections(con: duckdb.DuckDBPyConnection) -> None:
    """Refuses files that do not belong together: one that was cut off between two rows shows only
    in the others, whose rows lead nowhere.
    """
    for rows, lost, total in CONNECTIONS:
        missing, of = _count(con, lost), _count(con, f"select count(*) from {total}")
        if missing > max(1, MAX_BAD_SHARE * of):
            raise BerkaError(
                f"{missing:,} of {of:,} {rows}: a file was cut off or is of another copy;"
                " fetch the files again, or bring only rows that belong together"
            )


def orphan_transactions(con: duckdb.DuckDBPyConnection) -> int:
    """Transactions, delivered as all are, of accounts that could not be delivered."""
    return _count(con, "select count(*) from booked anti join owned using (account_id)")


def _summary(
    con: duckdb.DuckDBPyConnection, name: str, file_name: str, rows_in: int
) -> FileSummary:
    table, rows_out_sql, reasons = ACCOUNTS[name]
    rows_out = _count(con, rows_out_sql)
    found = [
        Difference(
            _count(con, "select count(*) from bad_rows where file = ?", file_name),
            "cannot be decoded",
        ),
        *(Difference(_count(con, sql), reason) for reason, sql in reasons),
    ]
    differences = tuple(diff for diff in found if diff.rows)
    if rows_in != rows_out + sum(diff.rows for diff in differences):
        raise BerkaError(
            f"{file_name}: {rows_in} rows in, {rows_out} out, and the differences"
            f" {differences} do not add up; this is a fault of the importer"
        )
    return FileSummary(file_name, rows_in, table, rows_out, differences)


def _count(con: duckdb.DuckDBPyConnection, sql: str, *parameters: str) -> int:
    row = con.execute(sql, list(parameters)).fetchone()
    assert row is not None
    return int(row[0])
