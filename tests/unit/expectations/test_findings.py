"""What stands of earlier judgements: findings, and the pages that list them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from expectations.check import CheckOutcome
from expectations.docs import build_docs
from expectations.findings import NEWEST, standing_findings
from expectations.results import create_results, record
from expectations.waivers import create_waivers, waive
from orchestration.state import Window
from tests.unit.expectations.bank import settings as bank_settings

FIRST, LAST = date(2024, 1, 1), date(2024, 6, 30)
ONE_DAY = timedelta(days=1)
WARNED = CheckOutcome(
    "raw", "quarantined_rows", "accounts", "warn", False, False, 31, "none", 31, (), "Held.", "rows"
)
PASSED = replace(WARNED, passed=True, observed=0, failing_rows=0)
FAILED = replace(WARNED, check="refused_files", severity="error", unit="files", observed=1)
BROKEN = replace(WARNED, check="delivered", passed=False, broken=True, observed=None, error="gone")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_results(connection)
        create_waivers(connection)
        yield connection


def days(first: date, last: date = LAST) -> Window:
    return Window(first, last + ONE_DAY)


def standing(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str | None]]:
    return [(found.days, found.level, found.observed) for found in standing_findings(con)]


def test_a_replay_of_one_day_hides_nothing_of_the_others(con: duckdb.DuckDBPyConnection) -> None:
    record(con, [WARNED], days(FIRST), 7, "range")
    record(con, [PASSED], days(LAST), 7, "replay")
    assert standing(con) == [("2024-01-01 to 2024-06-30", "warning", "31")]
    record(con, [replace(WARNED, observed=2)], days(LAST), 7, "replay")
    assert standing(con) == [
        ("2024-06-30", "warning", "2"),
        ("2024-01-01 to 2024-06-30", "warning", "31"),
    ]


def test_judging_all_days_again_settles_a_finding(con: duckdb.DuckDBPyConnection) -> None:
    record(con, [WARNED], days(date(2024, 2, 1), date(2024, 2, 29)), 7, "range")
    record(con, [PASSED], days(date(2024, 2, 2), date(2024, 2, 29)), 7, "a day short")
    record(con, [PASSED], days(date(2024, 2, 1), date(2024, 2, 28)), 7, "a day short")
    assert len(standing(con)) == 1
    record(con, [PASSED], days(FIRST), 8, "again")
    assert standing(con) == []


def test_a_check_that_is_asked_no_more_is_settled_too(con: duckdb.DuckDBPyConnection) -> None:
    """A table that is not delivered any more has no checks: its layer was judged all the same."""
    record(con, [FAILED], days(LAST), 7, "first")
    record(con, [replace(PASSED, table="customers")], days(LAST), 8, "second")
    assert standing(con) == []


def test_layers_are_judged_apart(con: duckdb.DuckDBPyConnection) -> None:
    record(con, [WARNED], days(LAST), 7, "run")
    record(con, [replace(PASSED, layer="staging")], days(FIRST), 7, "run")
    assert len(standing(con)) == 1


def test_the_most_serious_come_first(con: duckdb.DuckDBPyConnection) -> None:
    record(con, [WARNED, FAILED, BROKEN], days(LAST), 7, "run")
    assert [level for _, level, _ in standing(con)] == ["broken", "error", "warning"]


def test_what_somebody_accepted_stands_as_accepted(con: duckdb.DuckDBPyConnection) -> None:
    record(con, [WARNED, FAILED], days(LAST), 7, "run")
    waive(con, "raw", LAST, 7, "basis", "known", "Li Wei")
    waive(con, "raw", LAST, 7, "basis", "asked again", "Li Wei")
    assert [level for _, level, _ in standing(con)] == ["accepted", "warning"]


def test_of_a_check_that_fails_every_day_the_newest_are_listed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for index in range(10):
        day = FIRST + index * ONE_DAY
        record(con, [WARNED], days(day, day), index, "daily")
    found = standing_findings(con)
    assert [one.through.day for one in found] == [10, 9, 8]
    assert [one.older for one in found] == [0] * (NEWEST - 1) + [10 - NEWEST]


def test_a_warehouse_without_gates_has_no_findings() -> None:
    with duckdb.connect() as empty:
        assert standing_findings(empty) == []


def read(path: Path) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", path.read_text("utf-8")).split())


def test_the_index_shows_what_a_replay_did_not_judge(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    record(con, [WARNED], days(FIRST), 7, "range")
    record(con, [PASSED], days(LAST), 7, "replay")
    page = read(build_docs(bank_settings(tmp_path), con))
    assert "Warning raw 2024-01-01 to 2024-06-30 quarantined_rows of accounts 31 rows none" in page
    assert "2024-06-30 Passed Passed, 1 warning from 2024-01-01" in page
    assert page.count("Held.") == 1
    places = [page.index(words) for words in ("1 finding to look at", " Days ", " Findings ")]
    assert places == sorted(places), "the days first, and a link past them"


def test_a_check_of_many_tables_is_one_card(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    other = replace(WARNED, table="cards")
    failed = replace(WARNED, check="refused_files", severity="error")
    record(con, [WARNED, failed, other], days(LAST), 7, "run")
    index = build_docs(bank_settings(tmp_path), con)
    (run,) = index.parent.glob("runs/*/raw-*.html")
    assert run.read_text("utf-8").count("<section") == 2
    cards, _ = read(run).split("All checks")
    assert cards.count("quarantined_rows") == 1
    assert cards.index("refused_files") < cards.index("quarantined_rows"), "what blocks comes first"
    assert cards.index("of accounts", cards.index("quarantined_rows")) < cards.index("of cards")


def test_a_day_that_was_judged_again_says_so(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    record(con, [WARNED], days(FIRST, FIRST), 7, "first")
    index = build_docs(bank_settings(tmp_path), con)
    assert "judged again" not in read(index)
    record(con, [PASSED], days(FIRST, date(2025, 1, 2)), 8, "later")
    index = build_docs(bank_settings(tmp_path), con)
    assert "2024-01-01 Passed, 1 warning judged again since" in read(index)
    assert "Nothing was found that stands." in read(index)
    assert "judged again since" in read(index.with_name("days-2024.html"))


def test_policies_have_no_day(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    policy = replace(PASSED, layer="policy", table="policy_measure", check="value")
    record(con, [policy], days(FIRST, FIRST), 0, "run")
    index = build_docs(bank_settings(tmp_path), con)
    assert "Policy files: Passed as they stood on" in read(index)
    assert "2024-01-01" not in read(index)
    (page,) = index.parent.glob("runs/*/policy-*.html")
    assert "Days judged" not in read(page)
