"""What numbers of scorecards must say together, on every day on which either changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from orchestration.policy.files import Rows
from orchestration.policy.joint import at
from orchestration.policy.parameters import ParameterRow
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.timeline import by_key, change_days

PARAMETER = "policy_parameter.csv"
# The first of two numbers is at most the second, or names would mislead and outcomes be in none.
_NOT_ABOVE = (
    ("scorecard_short_months", "scorecard_middle_months"),
    ("scorecard_middle_months", "scorecard_long_months"),
    ("scorecard_application_months", "scorecard_performance_months"),
    ("scorecard_indeterminate_days", "scorecard_bad_days"),
)


def credit_problems(rows: Rows) -> Iterator[PolicyProblem]:
    """Windows rise, loans are granted before outcomes are told, and bad is worse than not good."""
    given = by_key(rows[PARAMETER], "parameter")
    for lower, upper in _NOT_ABOVE:
        ones, others = given.get((lower,), []), given.get((upper,), [])
        for day in change_days(ones, others):
            found = [[row for row in side if row.holds_on(day)] for side in (ones, others)]
            for one, other in zip(*found, strict=False):
                below, above = cast(ParameterRow, one), cast(ParameterRow, other)
                if below.value > above.value:
                    message = (
                        f"must be at most the {above.value} of {upper} (line {above.line}) on {day}"
                    )
                    yield at(PARAMETER, below, "value", message, "order")
