"""What the lifecycle files must say together, on every day on which anything changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from orchestration.policy.files import Rows
from orchestration.policy.joint import always_there, at
from orchestration.policy.lifecycle_rows import CAUSES, LAST_CAUSE, STAGES, CauseRow
from orchestration.policy.parameters import ParameterRow
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.timeline import change_days

STAGE, CAUSE = "policy_lifecycle_stage.csv", "policy_decline_cause.csv"
PARAMETER = "policy_parameter.csv"
# Of each pair the first number must stay below the second, or at most reach it.
BELOW = {"lifecycle_income_months": "lifecycle_evidence_months"}
AT_MOST = {"lifecycle_baseline_known_months": "lifecycle_baseline_months"}


def lifecycle_problems(rows: Rows, start: date | None, end: date) -> Iterator[PolicyProblem]:
    """Every stage and cause is there from start to end, one cause at a time comes first."""
    if start:
        yield from always_there(STAGE, rows[STAGE], "stage", STAGES, start, end)
        yield from always_there(CAUSE, rows[CAUSE], "cause", CAUSES, start, end)
    yield from _precedence(cast(Sequence[CauseRow], rows[CAUSE]))
    yield from _months(cast(Sequence[ParameterRow], rows[PARAMETER]))


def _precedence(causes: Sequence[CauseRow]) -> Iterator[PolicyProblem]:
    told: set[int] = set()
    for day in change_days(causes):
        seen: dict[int, CauseRow] = {}
        for row in sorted((row for row in causes if row.holds_on(day)), key=lambda row: row.line):
            other = seen.setdefault(row.precedence, row)
            if other is not row and row.line not in told:
                told.add(row.line)
                message = (
                    f"{row.precedence} is that of {other.cause} (line {other.line}) on {day}, too; "
                    "say which of the two counts first"
                )
                yield at(CAUSE, row, "precedence", message, "order")
        last = max(seen.values(), key=lambda row: row.precedence, default=None)
        for row in seen.values():
            if row.cause == LAST_CAUSE and row is not last and row.line not in told:
                told.add(row.line)
                message = (
                    f"comes before another cause on {day}, and everybody shows it; give "
                    f"{LAST_CAUSE} the highest precedence"
                )
                yield at(CAUSE, row, "precedence", message, "order")


def _months(parameters: Sequence[ParameterRow]) -> Iterator[PolicyProblem]:
    told: set[int] = set()
    for day in change_days(parameters):
        values = {row.parameter: row for row in parameters if row.holds_on(day)}
        for smaller, larger in (BELOW | AT_MOST).items():
            row, other = values.get(smaller), values.get(larger)
            if row is None or other is None or row.line in told:
                continue
            if not _fits(row.value, other.value, strictly=smaller in BELOW):
                told.add(row.line)
                word = "below" if smaller in BELOW else "at most"
                message = f"must be {word} the {other.value} of {larger} on {day}"
                yield at(PARAMETER, row, "value", message, "order")


def _fits(value: Decimal, limit: Decimal, strictly: bool) -> bool:
    return value < limit if strictly else value <= limit
