"""Where a home stands: what is loaded, built, gated, published, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
from rich.console import Console
from rich.table import Table

from expectations.findings import Finding, standing_findings
from expectations.wording import expected, observed, why
from orchestration.landing.contract import load_contract
from orchestration.publish.versions import current_name, version_names
from orchestration.reports.tables import table
from orchestration.sensors import waiting_deliveries
from orchestration.settings import Settings
from orchestration.state import BUILDING
from orchestration.warehouse import open_warehouse

_LAYERS = ("policy", "raw", "staging", "facts", "marts", "fits", "forward", "published")
_PASSED = ".passed"
# Enough to tell two states of the policy files apart, and to compare with the published version.
_FINGERPRINT = 8
_SHOWN = 20

_MARKS = """
    select mark, version, through, basis,
        strftime(marked_at at time zone 'UTC', '%Y-%m-%d %H:%M')
    from control.marks
"""
_FILES = """
    select table_name, count(*), sum(rows_read), sum(accepted), sum(duplicate), sum(superseded),
        sum(quarantined), count(*) filter (status = 'refused')
    from control.load_ledger group by all order by all
"""
_REFUSED = f"""
    select count(*) over (), table_name, loaded_on, file_name,
        -- The file stands in the columns before.
        case
            when starts_with(reason, file_id || ': ') then substr(reason, length(file_id) + 3)
            else reason
        end
    from control.load_ledger
    where status = 'refused' order by loaded_on desc, table_name, file_name limit {_SHOWN}
"""
_QUARANTINED = f"""
    with kinds as (
        select table_name, reason_code, count(distinct (file_id, line_no)) as lines,
            min((loaded_on, file_name, line_no)) as first
        from control.quarantine group by all
    )
    select count(*) over (), table_name, reason_code, lines,
        first[1] || '/' || first[2] || ':' || first[3]
    from kinds order by lines desc, table_name, reason_code limit {_SHOWN}
"""


def status(settings: Settings, console: Console) -> None:
    """Prints the state of a home.

    Raises WarehouseBusy while a run writes the warehouse.
    """
    console.print(f"Home {settings.home}", soft_wrap=True)
    waiting = waiting_deliveries(settings, load_contract(), date.max)
    console.print(f"Deliveries waiting in landing: {len(waiting)}")
    console.print(f"Published version: {_published(settings)}")
    if not settings.warehouse_path.exists():
        console.print("Nothing has been loaded yet: run `tenure run --date <day>`")
        return
    with open_warehouse(settings, read_only=True) as con:
        for part in (*_contents(con), *_findings(con, settings)):
            console.print()
            console.print(part)


def _published(settings: Settings) -> str:
    current = current_name(settings.published_dir)
    if current is None:
        return "none"
    newest = version_names(settings.published_dir)[-1]
    return current if current == newest else f"{current} (rolled back; newest is {newest})"


def _contents(con: duckdb.DuckDBPyConnection) -> Iterator[Table]:
    yield table("Layers", ["layer", "built", "gate", "raw version", "at (UTC)"], _layers(con))
    files = con.execute(_FILES).fetchall()
    if files:
        fates = ["read", "accepted", "duplicate", "superseded", "quarantined"]
        yield table("Load ledger", ["table", "files", *fates, "refused files"], files)
    refused = con.execute(_REFUSED).fetchall()
    if refused:
        yield _cut(
            "Refused files", ["table", "day", "file", "reason"], refused, "control.load_ledger"
        )
    quarantined = con.execute(_QUARANTINED).fetchall()
    if quarantined:
        columns = ["table", "reason", "rows", "first at"]
        yield _cut("Quarantine", columns, quarantined, "control.quarantine")


def _cut(title: str, columns: list[str], rows: list[tuple[object, ...]], source: str) -> Table:
    """Rows that carry before them how many there are; what is left out is counted."""
    total = rows[0][0]
    assert isinstance(total, int)
    left_out = f"and {total - len(rows):,} more, see {source}" if total > _SHOWN else ""
    return table(title, columns, [row[1:] for row in rows], caption=left_out)


def _layers(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    marks = {name: mark for name, *mark in con.execute(_MARKS).fetchall()}
    for layer in _LAYERS:
        if layer + BUILDING in marks:
            yield layer, "interrupted: the next run builds it again", "", None, ""
        elif layer in marks:
            version, through, basis, at = marks[layer]
            built = f"loaded, {basis[:_FINGERPRINT]}" if layer == "policy" else f"to {through}"
            passed = marks.get(layer + _PASSED, [])[:3] == marks[layer][:3]
            gate = "" if layer == "published" else "passed" if passed else "not passed"
            yield layer, built, gate, version or None, at


def _findings(con: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[Table | str]:
    findings = standing_findings(con)
    if not findings:
        return
    yield table(
        "Findings of the gates, for days that were not judged again since",
        ["", "gate", "days", "check", "observed", "expected"],
        [
            (
                found.level,
                found.layer,
                found.days + (f", and {found.older:,} before" if found.older else ""),
                f"{found.check} of {found.table}",
                observed(found.observed, found.unit),
                expected(found.expected, found.unit),
            )
            for found in findings
        ],
    )
    reasons = Table.grid(padding=(0, 2))
    for column in ("check", "why"):
        reasons.add_column(column, overflow="fold")
    for check, sentences in why(_said(findings)).items():
        reasons.add_row(check, " ".join(sentences))
    yield reasons
    yield f"Rows to look at: {settings.docs_dir / 'index.html'}"


def _said(findings: list[Finding]) -> Iterator[tuple[str, str]]:
    for found in findings:
        yield found.check, found.reason
        if found.error:
            yield found.check, f"Of {found.table} it could not be computed: {found.error}"
