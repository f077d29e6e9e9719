"""Broken numbers of scorecards, each with the line and column that must be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.policy.broken import GIVEN, LINES, PARAMETER, Broken
from tests.unit.policy.naming import require_named


def _lowered(name: str, value: str, of: str, told: str) -> Broken:
    """A number below the one that is at most it."""
    given = f"{name},{GIVEN[name]},"
    return Broken(name, PARAMETER, given, f"{name},{value},", LINES[of], "value", "order", told)


CASES = [
    _lowered("scorecard_middle_months", "1", "scorecard_short_months", "at most the 1"),
    _lowered("scorecard_long_months", "1", "scorecard_middle_months", "scorecard_long_months"),
    _lowered("scorecard_performance_months", "1", "scorecard_application_months", "at most the 1"),
    _lowered("scorecard_bad_days", "1", "scorecard_indeterminate_days", "scorecard_bad_days"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_numbers_out_of_order_are_named_by_line(policies: Path, case: Broken) -> None:
    require_named(policies, case)
