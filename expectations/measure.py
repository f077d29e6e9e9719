"""Asks the engine for the checks' numbers: one query per probe, and sample rows on demand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from expectations.check import SAMPLE_ROWS, Check, Measurement, Probe, Sample


def measure(con: duckdb.DuckDBPyConnection, probes: Iterable[Probe]) -> list[Measurement]:
    """The numbers of all checks; one that cannot be computed carries the engine's message."""
    return [result for probe in probes for result in _measure_probe(con, probe)]


def _measure_probe(con: duckdb.DuckDBPyConnection, probe: Probe) -> list[Measurement]:
    try:
        return _ask(con, probe, probe.checks)
    except duckdb.Error as error:
        if len(probe.checks) == 1:
            return [Measurement(probe.checks[0], None, error=_message(error))]
        # One bad aggregate must not hide the others: ask for each alone.
        alone = (Probe(probe.source, (check,), probe.ctes) for check in probe.checks)
        return [result for one in alone for result in _measure_probe(con, one)]


def _ask(
    con: duckdb.DuckDBPyConnection, probe: Probe, checks: tuple[Check, ...]
) -> list[Measurement]:
    columns = [part for check in checks for part in (check.value, check.failing or "null")]
    row = con.execute(probe.query(", ".join(columns))).fetchone()
    assert row is not None
    return [
        _measurement(con, probe, check, row[2 * place], row[2 * place + 1])
        for place, check in enumerate(checks)
    ]


def _measurement(
    con: duckdb.DuckDBPyConnection, probe: Probe, check: Check, value: Any, failing: Any
) -> Measurement:
    if value is None:
        return Measurement(check, None, error="the query gave no number")
    counted = value if check.failing is None and isinstance(value, int) else failing
    return Measurement(
        check,
        value,
        failing=int(counted) if counted is not None else None,
        fetch_samples=lambda: _samples(con, probe, check),
    )


def _samples(con: duckdb.DuckDBPyConnection, probe: Probe, check: Check) -> list[Sample]:
    if check.sample is None:
        return []
    try:
        cursor = con.execute(f"{probe.header}select * from ({check.sample}) limit {SAMPLE_ROWS}")
        names = [column[0] for column in cursor.description or []]
        return [
            {name: plain(value) for name, value in zip(names, row, strict=True)}
            for row in cursor.fetchall()
        ]
    except duckdb.Error as error:
        return [{"sample query failed": _message(error)}]


def plain(value: Any) -> Any:
    """A value as JSON knows it; money keeps its digits as text."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return ", ".join(str(plain(part)) for part in value)
    return value


def _message(error: duckdb.Error) -> str:
    return " ".join(str(error).split())[:500]
