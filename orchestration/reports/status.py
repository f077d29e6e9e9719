"""Where a home stands: what is loaded, built, gated, published, and what waits."""

from __future__ import annotations

from datetime import date

import duckdb
from rich.console import Console

from orchestration.landing.contract import load_contract
from orchestration.publish.versions import current_name
from orchestration.reports.tables import table
from orchestration.sensors import waiting_deliveries
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

_MARKS = """
    select mark, through, cast(version as varchar), strftime(marked_at, '%Y-%m-%d %H:%M')
    from control.marks
    order by marked_at
"""
_GATES = """
    select layer, window_end - 1, check_name, table_name, severity, observed, expected,
        reason
    from control.gate_results
    where not passed and run_id in (
        select arg_max(run_id, evaluated_at) from control.gate_results group by layer
    )
    order by severity, layer, check_name
"""
_FILES = """
    select table_name, count(*), sum(rows_read), sum(accepted), sum(duplicate), sum(superseded),
        sum(quarantined), count(*) filter (status = 'refused')
    from control.load_ledger group by all order by all
"""
_REFUSED = """
    select table_name, loaded_on, file_name, reason from control.load_ledger
    where status = 'refused' order by loaded_on desc, table_name limit 20
"""
_QUARANTINED = """
    select table_name, reason_code, count(*),
        min(cast(loaded_on as varchar) || '/' || file_name || ':' || line_no)
    from control.quarantine group by all order by count(*) desc, table_name limit 20
"""


def status(settings: Settings, console: Console) -> None:
    """Prints the state of a home.

    Raises duckdb.IOException while a run writes the warehouse.
    """
    console.print(f"Home {settings.home}")
    waiting = waiting_deliveries(settings, load_contract(), date.max)
    console.print(f"Deliveries waiting in landing: {len(waiting)}")
    console.print(f"Published version: {current_name(settings.published_dir) or 'none'}")
    if not settings.warehouse_path.exists():
        console.print("Nothing has been loaded yet: run `tenure run --date <day>`")
        return
    with open_warehouse(settings, read_only=True) as con:
        for title, columns, query in (
            ("Built and gated through", ["mark", "through", "raw version", "at"], _MARKS),
            (
                "Load ledger",
                [
                    "table",
                    "files",
                    "read",
                    "accepted",
                    "duplicate",
                    "superseded",
                    "quarantined",
                    "refused files",
                ],
                _FILES,
            ),
            ("Refused files", ["table", "day", "file", "reason"], _REFUSED),
            ("Quarantine", ["table", "reason", "rows", "first at"], _QUARANTINED),
            (
                "Findings of the latest gates",
                [
                    "layer",
                    "as of",
                    "check",
                    "table",
                    "severity",
                    "observed",
                    "expected",
                    "why it matters",
                ],
                _GATES,
            ),
        ):
            _print(con, console, title, columns, query)


def _print(
    con: duckdb.DuckDBPyConnection, console: Console, title: str, columns: list[str], query: str
) -> None:
    rows = con.execute(query).fetchall()
    if rows:
        console.print(table(title, columns, rows))
