"""The raw tables: made from the contract, and kept in step with it as far as rows allow.

Rows that are loaded already were judged by the contract of their day. A new column that may be
empty is true of them as it is; every other change would have them say what nobody delivered.
"""

from __future__ import annotations

import duckdb

from orchestration.errors import TenureError
from orchestration.landing.contract import LOAD_COLUMNS, Contract, TableContract


class ContractChangedError(TenureError):
    """Loaded rows do not fit the contract any more; the message names tables and columns."""


def create_raw_tables(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """A raw table for every table of the contract, with all its columns.

    Nothing is changed where a table cannot follow the contract: ContractChangedError.
    """
    stored = _stored_columns(con, contract)
    misfits = [
        misfit
        for name, columns in stored.items()
        for misfit in _misfits(contract.tables[name], columns)
    ]
    if misfits:
        raise ContractChangedError(
            f"the contract has changed in a way that loaded rows cannot follow: "
            f"{'; '.join(misfits)}. Take the change back, or load everything by the new contract: "
            "move the warehouse file away, or start a new home with the same landing folder, and "
            "run again; every delivery is still in landing"
        )
    for table in contract.tables.values():
        columns = table.raw_columns
        if table.name not in stored:
            described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            con.execute(f"create table raw.{table.name} ({described})")
            continue
        for name, kind in columns.items():
            if name not in stored[table.name]:
                con.execute(f"alter table raw.{table.name} add column {name} {kind}")


def _stored_columns(
    con: duckdb.DuckDBPyConnection, contract: Contract
) -> dict[str, dict[str, str]]:
    """Columns and types of the raw tables that exist, for tables of the contract."""
    rows = con.execute(
        "select table_name, column_name, lower(data_type) from duckdb_columns() "
        "where schema_name = 'raw' and database_name = current_database() order by all"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        if table in contract.tables:
            found.setdefault(table, {})[column] = kind
    return found


def _misfits(table: TableContract, stored: dict[str, str]) -> list[str]:
    """What keeps a table from following the contract."""
    wanted = table.raw_columns
    found = []
    for name, kind in wanted.items():
        place = f"raw.{table.name}.{name}"
        if name not in stored:
            if name in LOAD_COLUMNS or not table.columns[name].nullable:
                found.append(f"{place} is new and must not be empty")
        elif stored[name] != kind:
            found.append(f"{place} is {stored[name]} and should be {kind}")
    for name in stored.keys() - wanted.keys():
        found.append(f"raw.{table.name}.{name} is not in the contract any more")
    return sorted(found)
