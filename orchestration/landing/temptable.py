"""The room's temporary tables: all named landing_*, filled from Python in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

PREFIX = "landing_"


def drop_temp_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Give back what a batch's temporary tables hold."""
    tables = con.execute(
        "select table_name from duckdb_tables() where temporary and starts_with(table_name, ?)",
        [PREFIX],
    ).fetchall()
    for (name,) in tables:
        con.execute(f"drop table temp.{name}")


def fill_temp_table(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Create or replace a temporary table; inserting row by row would cost 100 times more."""
    described = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    con.execute(f"create or replace temp table {name} ({described})")
    if rows:
        values = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
        con.execute(
            f"insert into {name} select {values}",
            [list(column) for column in zip(*rows, strict=True)],
        )
