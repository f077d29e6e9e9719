"""What gates leave behind: results, waivers, pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from expectations.check import CheckOutcome
from expectations.docs import build_docs
from expectations.results import record, recorded_verdict
from expectations.waivers import WaiverError, is_waived, waive
from orchestration.settings import Settings
from orchestration.state import Window
from tests.unit.expectations.bank import settings as bank_settings

THROUGH = date(2024, 3, 1)
WINDOW = Window(date(2024, 2, 27), date(2024, 3, 2))
GOOD = CheckOutcome(
    "facts",
    "closing_equal_accounts",
    "fct_customer_month",
    "error",
    True,
    False,
    0,
    "none",
    0,
    (),
    "Totals are equal.",
    "rows",
)
FAILED = replace(
    GOOD,
    check="one_row_per_customer",
    passed=False,
    observed=12345,
    failing_rows=12345,
    samples=({"customer_key": 17, "file": '<script>alert("x")</script>'},),
)
WARNED = replace(FAILED, check="ledger_ties", severity="warn", observed=0.0425, samples=())
BROKEN = replace(
    GOOD,
    check="closing_is_latest_known",
    passed=False,
    broken=True,
    observed=None,
    failing_rows=None,
    error="no such table & none like it",
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return bank_settings(tmp_path)


def test_results_are_appended(con: duckdb.DuckDBPyConnection) -> None:
    record(con, [GOOD, FAILED], WINDOW, 7, "first")
    record(con, [GOOD], WINDOW, 8, "second")
    assert con.execute(
        "select run_id, check_name, version, observed from control.gate_results "
        "order by evaluated_at, place"
    ).fetchall() == [
        ("first", "closing_equal_accounts", 7, "0"),
        ("first", "one_row_per_customer", 7, "12345"),
        ("second", "closing_equal_accounts", 8, "0"),
    ]


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ([GOOD], True),
        ([GOOD, WARNED], True),
        ([GOOD, FAILED], False),
        ([GOOD, BROKEN], False),
        ([replace(BROKEN, severity="warn")], False),
    ],
)
def test_the_recorded_verdict(
    con: duckdb.DuckDBPyConnection, outcomes: list[CheckOutcome], verdict: bool
) -> None:
    record(con, outcomes, WINDOW, 7, "run")
    assert recorded_verdict(con, "facts", THROUGH, 7) is verdict


def test_the_verdict_is_of_the_last_run_for_these_inputs(con: duckdb.DuckDBPyConnection) -> None:
    record(con, [FAILED], WINDOW, 7, "first")
    record(con, [GOOD], WINDOW, 7, "second")
    assert recorded_verdict(con, "facts", THROUGH, 7) is True
    assert recorded_verdict(con, "facts", THROUGH, 8) is None
    assert recorded_verdict(con, "facts", date(2024, 3, 2), 7) is None
    assert recorded_verdict(con, "marts", THROUGH, 7) is None


def test_a_waiver_is_for_one_layer_day_and_version(con: duckdb.DuckDBPyConnection) -> None:
    assert not is_waived(con, "facts", THROUGH, 7, "basis")
    waive(con, "facts", THROUGH, 7, "basis", "known difference", "Li Wei")
    assert is_waived(con, "facts", THROUGH, 7, "basis")
    assert not is_waived(con, "facts", THROUGH, 8, "basis")
    assert not is_waived(con, "facts", THROUGH, 7, "other policies")
    assert not is_waived(con, "marts", THROUGH, 7, "basis")
    assert not is_waived(con, "facts", date(2024, 3, 2), 7, "basis")


def test_waivers_are_kept_for_ever(con: duckdb.DuckDBPyConnection) -> None:
    waive(con, "facts", THROUGH, 7, "basis", "one", "Li Wei")
    waive(con, "facts", THROUGH, 7, "basis", "two", "Wang Fang")
    kept = con.execute("select reason, who from control.gate_waivers order by waived_at").fetchall()
    assert kept == [("one", "Li Wei"), ("two", "Wang Fang")]


@pytest.mark.parametrize(
    ("layer", "reason", "who"),
    [("facts", " ", "Li Wei"), ("facts", "because", ""), ("fact", "because", "Li Wei")],
)
def test_a_waiver_says_what_why_and_who(
    con: duckdb.DuckDBPyConnection, layer: str, reason: str, who: str
) -> None:
    with pytest.raises(WaiverError):
        waive(con, layer, THROUGH, 7, "basis", reason, who)  # type: ignore[arg-type]


class _Text(HTMLParser):
    """The words of a page, and whether its tags close."""

    void = frozenset({"meta", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(path: Path) -> str:
    parser = _Text()
    parser.feed(path.read_text(encoding="utf-8"))
    assert parser.open == []
    return " ".join(parser.words)


def _linked(page: Path) -> list[Path]:
    found = re.findall(r'(?:href|src)="([^"#]+)"', page.read_text(encoding="utf-8"))
    return [(page.parent / address).resolve() for address in found]


def test_pages_show_results_and_need_no_network(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    record(con, [GOOD, WARNED, FAILED, BROKEN], WINDOW, 7, "nightly")
    record(con, [replace(GOOD, layer="marts")], WINDOW, 7, "nightly")
    index = build_docs(settings, con)
    assert index == settings.docs_dir / "index.html"
    said = _read(index)
    assert "2024-03-01" in said
    assert "Broken, 1 check" in said
    assert "not run" in said
    for path in settings.docs_dir.rglob("*"):
        if path.is_file():
            assert "http" not in path.read_text(encoding="utf-8")
    for page in settings.docs_dir.rglob("*.html"):
        assert all(target.exists() for target in _linked(page))
    (run,) = (settings.docs_dir / "runs" / "2024-03-01").glob("facts-*.html")
    page = _read(run)
    for words in (
        "2024-02-27 to 2024-03-01",
        "nightly",
        "12,345",
        "0.0425",
        "no such table & none like it",
        '<script>alert("x")</script>',
        "one_row_per_customer",
        "Totals are equal.",
    ):
        assert words in page
    assert "<script>" not in run.read_text(encoding="utf-8")


def test_a_waiver_shows_on_pages_written_before(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    record(con, [FAILED], WINDOW, 7, "nightly")
    build_docs(settings, con)
    waive(con, "facts", THROUGH, 7, "basis", "known <difference>", "Li Wei")
    index = build_docs(settings, con)
    assert "Waived, 1 check" in _read(index)
    (run,) = settings.docs_dir.glob("runs/*/facts-*.html")
    assert "Li Wei" in _read(run)
    assert "known <difference>" in _read(run)


def test_pages_written_once_are_left_alone(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    record(con, [GOOD], WINDOW, 7, "first")
    build_docs(settings, con)
    (run,) = settings.docs_dir.glob("runs/*/facts-*.html")
    written = run.stat().st_mtime_ns
    record(con, [FAILED], Window(date(2024, 3, 2), date(2024, 3, 3)), 8, "second")
    build_docs(settings, con)
    assert run.stat().st_mtime_ns == written
    assert len(list(settings.docs_dir.glob("runs/*/facts-*.html"))) == 2


def test_an_empty_record_has_an_index(settings: Settings) -> None:
    assert "No gate has been run yet." in _read(build_docs(settings))
