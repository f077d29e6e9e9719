"""What a closed gate says in a terminal."""

from __future__ import annotations

from pathlib import Path

from expectations.results import record
from orchestration.reports.gate_failure import gate_failure
from tests.unit.reports.home import FAILED, FIRST, LAST, days, home


def test_it_says_what_was_seen_and_expected_with_units(tmp_path: Path) -> None:
    settings = home(tmp_path, lambda con: record(con, [FAILED], days(FIRST, LAST), 7, "run"))
    said = gate_failure(settings, "facts", "run", "cause")
    assert (
        "fct_customer_month: unassigned_balances is 1.2346 % of all balances, expected at most 1 %."
        in said
    )
    assert "unassigned 3069.06" in said
    assert "tenure accept facts 2024-06-30 --reason" in said


def test_a_gate_that_recorded_nothing_tells_the_cause(tmp_path: Path) -> None:
    settings = home(tmp_path, lambda con: None)
    assert "the disk is full" in gate_failure(settings, "facts", "run", "the disk is full")
