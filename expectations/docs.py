"""Builds Data Docs in a folder: which pages there are, and writing those that are not there yet.

A run's page never changes once written, except when somebody waives the run, so a daily build
writes the day's pages and the lists, however long the history is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import duckdb

from expectations.findings import JUDGED_AGAIN, standing_findings
from expectations.html import STYLE
from expectations.pages import GateRun, days_page, index_page, run_page
from expectations.results import create_results
from expectations.waivers import create_waivers
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

# The index is for today; a quarter of days fits a screen or two, years have pages of their own.
INDEX_DAYS = 90

_RUNS = f"""
with runs as (
select r.layer, r.run_id, r.window_start, r.window_end, r.version, r.evaluated_at,
    count(*) as checks,
    count(*) filter (not r.passed and not r.broken and r.severity = 'warn') as warnings,
    count(*) filter (not r.passed and not r.broken and r.severity = 'error') as failures,
    count(*) filter (r.broken) as broken,
    any_value(w.waiver) as waiver
from control.gate_results as r
left join (
    select layer, through, version,
        string_agg(who || ' on ' || strftime(waived_at, '%Y-%m-%d') || ': ' || reason, '; '
            order by waived_at) as waiver
    from control.gate_waivers
    group by layer, through, version
) as w on r.layer = w.layer and r.window_end = w.through + 1 and r.version = w.version
group by r.layer, r.run_id, r.window_start, r.window_end, r.version, r.evaluated_at
),
judgements as (select layer, evaluated_at, window_start, window_end from runs),
judged_again as ({JUDGED_AGAIN})
select runs.*, judged_again.layer is not null
from runs left join judged_again using (layer, evaluated_at)
order by runs.evaluated_at
"""

_CHECKS = """
select check_name, table_name, severity, passed, broken, observed, expected, unit, failing_rows,
    samples, reason, error
from control.gate_results
where layer = ? and run_id = ? and evaluated_at = ?
order by place
"""


def build_docs(settings: Settings, con: duckdb.DuckDBPyConnection | None = None) -> Path:
    """Bring the pages up to date and return the index. Opens the warehouse if not given it."""
    if con is not None:
        return _build(con, settings.docs_dir)
    with open_warehouse(settings) as opened:
        return _build(opened, settings.docs_dir)


def _build(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    create_results(con)
    create_waivers(con)
    runs = [GateRun(*row) for row in con.execute(_RUNS).fetchall()]
    _write(folder / "style.css", STYLE)
    changed_years: set[int] = set()
    for run in runs:
        path = folder / run.address
        if run.waiver or not path.exists():
            _write(path, run_page(run, _checks(con, run)))
            # Its row, and those of days that it has judged again.
            changed_years.update(range(run.window_start.year, run.through.year + 1))
    return _write_lists(con, folder, runs, changed_years)


def _write_lists(
    con: duckdb.DuckDBPyConnection, folder: Path, runs: Sequence[GateRun], changed_years: Set[int]
) -> Path:
    # Policies are judged as they stand, not by the day: they have one line of their own.
    policies = [run for run in runs if run.layer == "policy"]
    daily = [run for run in runs if run.layer != "policy"]
    years = sorted({run.through.year for run in daily}, reverse=True)
    addresses = {str(year): f"days-{year}.html" for year in years}
    for year in changed_years & set(years):
        chosen = [run for run in daily if run.through.year == year]
        _write(folder / addresses[str(year)], days_page(f"Gates in {year}", chosen, addresses))
    recent = set(sorted({run.through for run in daily})[-INDEX_DAYS:])
    chosen = [run for run in daily if run.through in recent]
    index = folder / "index.html"
    _write(index, index_page(chosen, policies[-1:], standing_findings(con), addresses))
    return index


def _checks(con: duckdb.DuckDBPyConnection, run: GateRun) -> list[Mapping[str, Any]]:
    cursor = con.execute(_CHECKS, [run.layer, run.run_id, run.evaluated_at])
    names = [column[0] for column in cursor.description or []]
    found: list[Mapping[str, Any]] = []
    for row in cursor.fetchall():
        check = dict(zip(names, row, strict=True))
        found.append({**check, "samples": json.loads(check["samples"])})
    return found


def _write(path: Path, content: str) -> None:
    """Whole or not at all: somebody may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.tmp")
    unfinished.write_text(content, encoding="utf-8")
    os.replace(unfinished, path)
