"""Status: where each layer stands, what was held back, and what the gates found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.results import record
from orchestration.publish.versions import point_at, version_dir
from orchestration.reports.status import status
from orchestration.state import Mark, begin, write_mark
from orchestration.warehouse import open_warehouse
from tests.unit.reports.home import FAILED, FIRST, LAST, days, home, said


def shown(path: Path, *statements: str) -> str:
    """The status of a home after these statements."""

    def fill(con: duckdb.DuckDBPyConnection) -> None:
        for statement in statements:
            con.execute(statement)

    settings = home(path, fill)
    return said(lambda console: status(settings, console))


def test_layers_say_how_far_they_are_built_and_whether_their_gate_passed(tmp_path: Path) -> None:
    def fill(con: duckdb.DuckDBPyConnection) -> None:
        write_mark(con, "raw", Mark(8, LAST, "code"))
        begin(con, "facts")

    settings = home(tmp_path, fill)
    text = said(lambda console: status(settings, console))
    assert "policy loaded, 01234567 passed 2" in text, "no day, no raw version"
    assert "raw to 2024-06-30 not passed 8" in text
    assert "staging to 2024-06-30 passed 7" in text
    assert "facts interrupted: the next run builds it again" in text
    assert str(FIRST) not in text


def test_a_mark_carries_the_time_of_its_last_build(tmp_path: Path) -> None:
    settings = home(tmp_path, lambda con: None)
    with open_warehouse(settings) as con:
        con.execute("update control.marks set marked_at = timestamptz '2001-01-01 00:00:00+00'")
        write_mark(con, "raw", Mark(8, LAST, "code"))
        assert con.execute(
            "select mark from control.marks where year(marked_at) > 2001"
        ).fetchall() == [("raw",)]


def test_findings_are_one_line_each_and_their_reason_is_said_once(tmp_path: Path) -> None:
    other = replace(FAILED, table="other", severity="warn", reason=FAILED.reason)

    def fill(con: duckdb.DuckDBPyConnection) -> None:
        record(con, [FAILED, other], days(FIRST, LAST), 7, "range")
        record(con, [replace(FAILED, passed=True)], days(LAST, LAST), 7, "replay")

    settings = home(tmp_path, fill)
    text = said(lambda console: status(settings, console))
    line = "1.2346 % of all balances at most 1 %"
    checked = "2024-01-01 to 2024-06-30 unassigned_balances of"
    assert f"error facts {checked} fct_customer_month {line}" in text
    assert f"warning facts {checked} other {line}" in text
    assert text.count(FAILED.reason) == 1


def test_a_check_that_broke_says_why(tmp_path: Path) -> None:
    broken = replace(FAILED, broken=True, observed=None, error="no such table")
    settings = home(tmp_path, lambda con: record(con, [broken], days(LAST, LAST), 7, "run"))
    text = said(lambda console: status(settings, console))
    assert "broken facts 2024-06-30 unassigned_balances of fct_customer_month –" in text
    assert "Of fct_customer_month it could not be computed: no such table" in text


@pytest.mark.parametrize("kinds", [3, 25])
def test_quarantine_counts_lines_and_says_what_it_leaves_out(kinds: int, tmp_path: Path) -> None:
    text = shown(
        tmp_path,
        # Two lines of every reason, the first of them with two problems.
        "insert into control.quarantine (file_id, table_name, loaded_on, file_name, line_no, "
        "column_name, reason_code, reason) select 'f', 'accounts', date '2024-01-09', 'a.csv', "
        "line_no, column_name, 'reason_' || kind, '' "
        f"from range({kinds}) as k(kind), (values (9, 'x'), (9, 'y'), (100, 'x')) "
        "as lines(line_no, column_name)",
    )
    assert "accounts reason_0 2 2024-01-09/a.csv:9" in text
    assert ("and 5 more, see control.quarantine" in text) == (kinds == 25)


def test_refused_files_are_cut_too(tmp_path: Path) -> None:
    text = shown(
        tmp_path,
        "insert into control.load_ledger by name select 'f' || i as file_id, "
        "'accounts' as table_name, date '2024-01-01' as loaded_on, i || '.csv' as file_name, "
        "'' as sha256, 1 as bytes, 1 as modified_ns, 'refused' as status, "
        "file_id || ': no header' as reason, "
        "0 as rows_read, 0 as accepted, 0 as duplicate, 0 as superseded, 0 as quarantined, "
        "[] as unknown_columns, 1 as version, now()::timestamp as recorded_at "
        "from range(30) as t(i)",
    )
    assert "accounts 2024-01-01 0.csv no header" in text
    assert "and 10 more, see control.load_ledger" in text


@pytest.mark.parametrize("width", [40, 90])
def test_a_narrow_terminal_folds_and_cuts_nothing(width: int, tmp_path: Path) -> None:
    name = "abcdefghijklmnopqrstuvwxyz" * 3
    finding = replace(FAILED, check=name)
    settings = home(tmp_path, lambda con: record(con, [finding], days(FIRST, LAST), 7, "run"))
    text = said(lambda console: status(settings, console), width)
    assert "…" not in text
    for character in "abcxyz":
        assert text.count(character) >= 6, "the name stands in the finding and beside its reason"


def test_a_rolled_back_version_names_the_newest(tmp_path: Path) -> None:
    settings = home(tmp_path, lambda con: None)
    assert "Published version: none" in said(lambda console: status(settings, console))
    old, new = "2024-06-30T0001", "2024-07-01T0002"
    for version in (old, new):
        version_dir(settings.published_dir, version).mkdir(parents=True)
        point_at(settings.published_dir, version)
    forward = said(lambda console: status(settings, console))
    assert f"Published version: {new} " in forward
    assert "rolled back" not in forward
    point_at(settings.published_dir, old)
    back = said(lambda console: status(settings, console))
    assert f"Published version: {old} (rolled back; newest is {new})" in back


def test_a_warehouse_that_was_never_gated_has_a_status(tmp_path: Path) -> None:
    text = shown(tmp_path, "drop table control.gate_results", "drop table control.gate_waivers")
    assert "staging to 2024-06-30" in text
    assert "Findings" not in text


def test_days_are_those_of_the_judgement(tmp_path: Path) -> None:
    first = date(2024, 6, 29)

    def fill(con: duckdb.DuckDBPyConnection) -> None:
        for version in range(5):
            record(con, [FAILED], days(first, first), version, "daily")

    settings = home(tmp_path, fill)
    text = said(lambda console: status(settings, console))
    assert "error facts 2024-06-29 unassigned" in text, "judged again: only the last one stands"
    assert text.count("2024-06-29") == 1
