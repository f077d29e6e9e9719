"""The raw tables: made from the contract, and kept in step with it as far as rows allow.

Rows that are loaded already were judged by the contract of their day. A new column that may be
empty is true of them as it is, and so is a rule that is loosened; a column that must be filled now
is, if it always was. Every other change would have them say what nobody delivered. A table that
nothing was ever delivered for follows any change.

Raw tables do not show which columns are the key and which must be filled: `control.raw_contract`
keeps that, as of the last load.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from orchestration.errors import TenureError
from orchestration.landing.contract import LOAD_COLUMNS, Contract, TableContract
from orchestration.landing.ledger import create_control_schema

_SCHEMA = """
create table if not exists control.raw_contract (
    table_name varchar primary key, key varchar[] not null, required varchar[] not null
)
"""


class ContractChangedError(TenureError):
    """Loaded rows do not fit the contract any more; the message names tables and columns."""


@dataclass(frozen=True)
class _Stored:
    """A raw table as it is: columns with types; key and filled columns if a load recorded them."""

    columns: dict[str, str]
    key: list[str] | None
    required: list[str] | None
    is_used: bool


def create_raw_tables(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """A raw table for every table of the contract, with all its columns.

    Nothing is changed where a table cannot follow the contract: ContractChangedError.
    """
    create_control_schema(con)
    con.execute(_SCHEMA)
    stored = _stored(con)
    _require_fitting(con, contract, {name: one for name, one in stored.items() if one.is_used})
    con.begin()
    try:
        for table in contract.tables.values():
            _follow(con, table, stored.get(table.name))
        con.commit()
    except BaseException:
        con.rollback()
        raise


def _stored(con: duckdb.DuckDBPyConnection) -> dict[str, _Stored]:
    rows = con.execute(
        """
        select t.table_name,
            (
                select map_from_entries(list((c.column_name, lower(c.data_type))))
                from duckdb_columns() as c
                where c.database_oid = t.database_oid and c.table_oid = t.table_oid
            ),
            k.key, k.required,
            t.estimated_size > 0
                or t.table_name in (select table_name from control.load_ledger)
        from duckdb_tables() as t
        left join control.raw_contract as k on t.table_name = k.table_name
        where t.schema_name = 'raw' and t.database_name = current_database()
        """
    ).fetchall()
    return {name: _Stored(*row) for name, *row in rows}


def _require_fitting(
    con: duckdb.DuckDBPyConnection, contract: Contract, stored: dict[str, _Stored]
) -> None:
    misfits = [
        misfit
        for name in sorted(stored)
        for misfit in _misfits(con, name, contract.tables.get(name), stored[name])
    ]
    if misfits:
        raise ContractChangedError(
            f"the contract has changed in a way that loaded rows cannot follow: "
            f"{'; '.join(misfits)}. Take the change back, or load everything by the new contract: "
            "move the warehouse file away, or start a new home with the same landing folder, and "
            "run again; every delivery is still in landing"
        )


def _misfits(
    con: duckdb.DuckDBPyConnection, name: str, table: TableContract | None, stored: _Stored
) -> list[str]:
    """What keeps a table from following the contract."""
    if table is None:
        return [f"raw.{name} has rows or files and is not in the contract any more"]
    found = _column_misfits(table, stored.columns)
    if stored.key is not None and set(stored.key) != set(table.key):
        found.append(
            f"raw.{name} was loaded by the key {', '.join(stored.key)} and should be by "
            f"{', '.join(table.key)}"
        )
    # Rows are looked at only where the contract asks more of them than it did.
    asked = set(_required(table)) - set(stored.required or _required(table))
    for column in sorted(asked & stored.columns.keys()):
        if con.execute(f"select 1 from raw.{name} where {column} is null limit 1").fetchall():
            found.append(f"raw.{name}.{column} must be filled now and is empty in some rows")
    return found


def _column_misfits(table: TableContract, stored: dict[str, str]) -> list[str]:
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


def _required(table: TableContract) -> list[str]:
    return [name for name, column in table.columns.items() if not column.nullable]


def _follow(con: duckdb.DuckDBPyConnection, table: TableContract, stored: _Stored | None) -> None:
    """Bring one table, and what is recorded of it, in step with the contract."""
    columns = table.raw_columns
    described = {name: f"{name} {kind}" for name, kind in columns.items()}
    if stored is None or (stored.columns != columns and not stored.is_used):
        con.execute(f"create or replace table raw.{table.name} ({', '.join(described.values())})")
    else:
        for name in columns:
            if name not in stored.columns:
                con.execute(f"alter table raw.{table.name} add column {described[name]}")
    asked = [list(table.key), _required(table)]
    if stored is None or [stored.key, stored.required] != asked:
        con.execute(
            "insert or replace into control.raw_contract values (?, ?, ?)", [table.name, *asked]
        )
