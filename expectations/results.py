"""The record of gate runs: control.gate_results, one row per check and run, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from expectations.check import CheckOutcome, Layer
from orchestration.state import Window

_COLUMNS = {
    "run_id": "varchar",
    "layer": "varchar",
    "window_start": "date",
    "window_end": "date",
    "version": "bigint",
    "evaluated_at": "timestamp",
    "place": "integer",
    "check_name": "varchar",
    "table_name": "varchar",
    "severity": "varchar",
    "passed": "boolean",
    "broken": "boolean",
    "observed": "varchar",
    "expected": "varchar",
    "unit": "varchar",
    "failing_rows": "bigint",
    "samples": "varchar",
    "reason": "varchar",
    "error": "varchar",
}


def create_results(con: duckdb.DuckDBPyConnection) -> None:
    """The table of results; safe to call again. Times are UTC; samples are JSON."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    con.execute("create schema if not exists control")
    con.execute(f"create table if not exists control.gate_results ({columns})")


def record(
    con: duckdb.DuckDBPyConnection,
    outcomes: Sequence[CheckOutcome],
    window: Window,
    version: int,
    run_id: str,
) -> None:
    """Append a gate run's outcomes, judged for the raw content of `version`."""
    create_results(con)
    if not outcomes:
        return
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        (
            *(run_id, outcome.layer, window.start, window.end, version, now, place),
            *(outcome.check, outcome.table, outcome.severity, outcome.passed, outcome.broken),
            None if outcome.observed is None else str(outcome.observed),
            *(outcome.expected, outcome.unit, outcome.failing_rows),
            json.dumps(outcome.samples, ensure_ascii=False, default=str),
            *(outcome.reason, outcome.error),
        )
        for place, outcome in enumerate(outcomes)
    ]
    marks = f"({', '.join('?' * len(_COLUMNS))})"
    values: list[Any] = [value for row in rows for value in row]
    con.execute(
        f"insert into control.gate_results ({', '.join(_COLUMNS)}) "
        f"values {', '.join([marks] * len(rows))}",
        values,
    )


def recorded_verdict(
    con: duckdb.DuckDBPyConnection, layer: Layer, through: date, version: int
) -> bool | None:
    """Whether the layer's gate passed when it was last run up to this day and raw version.

    None: it has not been run for these inputs, so the layer must be judged before it is used.
    """
    create_results(con)
    row = con.execute(
        """
        select bool_and(not broken and (passed or severity = 'warn'))
        from control.gate_results
        where layer = $layer and window_end = $through + 1 and version = $version
            and evaluated_at = (
                select max(evaluated_at) from control.gate_results
                where layer = $layer and window_end = $through + 1 and version = $version
            )
        """,
        {"layer": layer, "through": through, "version": version},
    ).fetchone()
    assert row is not None
    verdict: bool | None = row[0]
    return verdict
