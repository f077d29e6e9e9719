"""The rows that were kept out, each with its place and its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console

from orchestration.errors import TenureError
from orchestration.landing.contract import load_contract
from orchestration.reports.tables import table
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse, require_warehouse

_COLUMNS = ["file", "line", "column", "value", "reason"]
_ROWS = """
    from control.quarantine
    where ($table is null or table_name = $table) and ($day is null or loaded_on = $day)
"""
# The sentence begins with the place, which has columns of its own here.
_PLACED = f"""
    select file, line, "column", value,
        replace(reason, 'line ' || line || ' of ' || file || ': ', '') as reason
    from (
        select *, table_name || '/' || loaded_on || '/' || file_name as file, line_no as line,
            column_name as "column"
        {_ROWS}
    )
    order by loaded_on desc, table_name, file_name, line, "column"
"""


class NoSuchTable(TenureError):
    """The contract has no table of that name."""


def show_quarantine(
    settings: Settings,
    name: str | None,
    day: date | None,
    limit: int,
    path: Path | None,
    console: Console,
) -> None:
    """Prints the newest rows in quarantine, or writes all of them to a CSV file.

    `name` and `day` narrow them to a table of the contract and a day of delivery.
    """
    if name is not None and name not in load_contract().tables:
        raise NoSuchTable(f"the contract has no table {name!r}: see docs/contract.md")
    require_warehouse(settings)
    asked = {"table": name, "day": day}
    with open_warehouse(settings, read_only=True) as con:
        total = _count(con, asked)
        if path is not None:
            con.execute(
                f"copy ({_PLACED}) to $path (format csv, header)", asked | {"path": str(path)}
            )
            console.print(f"{total:,} row(s) in quarantine written to {path}", highlight=False)
            return
        rows = con.execute(f"{_PLACED} limit $limit", asked | {"limit": limit}).fetchall()
    if not rows:
        of = (f" of {name}" if name else "") + (f" delivered on {day}" if day else "")
        console.print(f"Nothing{of} is in quarantine.", highlight=False)
        return
    left_out = (
        f"and {total - len(rows):,} more: --limit, or --csv FILE for all"
        if total > len(rows)
        else ""
    )
    console.print(table("Quarantine, newest delivery first", _COLUMNS, rows, caption=left_out))


def _count(con: duckdb.DuckDBPyConnection, asked: Mapping[str, object]) -> int:
    row = con.execute(f"select count(*) {_ROWS}", asked).fetchone()
    assert row is not None
    return int(row[0])
