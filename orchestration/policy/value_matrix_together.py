"""What the value matrix's policy must say together, on every day on which anything changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import cast

from orchestration.policy.files import Rows
from orchestration.policy.joint import at
from orchestration.policy.parameters import ParameterRow
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.timeline import change_days
from orchestration.policy.value_matrix_rows import AXES, ValueIndicatorRow

INDICATOR, _PARAMETER = "policy_value_indicator.csv", "policy_parameter.csv"
_CUTS = ("value_current_cut", "value_potential_cut")


def value_matrix_problems(rows: Rows, start: date | None, end: date) -> Iterator[PolicyProblem]:
    """On every day from start to end, weights of each axis add up to 1; cuts are as fine as points.

    A policy may know of no cost, and then takes none off.
    """
    for row in cast(Sequence[ParameterRow], rows[_PARAMETER]):
        if row.parameter in _CUTS and row.value != round(row.value, 2):
            yield at(_PARAMETER, row, "value", "has more than 2 decimals, unlike points", "value")
    if start is None:
        return
    indicators = cast(Sequence[ValueIndicatorRow], rows[INDICATOR])
    days = sorted({start, *(day for day in change_days(indicators) if start <= day < end)})
    for axis in AXES:
        of_axis = [row for row in indicators if row.axis == axis]
        yield from islice(_weights(axis, of_axis, days), 1)


def _weights(
    axis: str, indicators: Sequence[ValueIndicatorRow], days: Iterable[date]
) -> Iterator[PolicyProblem]:
    """The days on which an axis does not add up."""
    for day in days:
        rows = [row for row in indicators if row.holds_on(day)]
        total = sum((row.weight for row in rows), Decimal(0))
        if total == 1 or (axis == "cost" and not rows):
            continue
        message = f"weights of {axis} add up to {total} on {day}; they must add up to 1"
        if rows:
            yield at(INDICATOR, rows[0], "weight", message, "order")
        else:
            yield PolicyProblem(INDICATOR, 0, "axis", axis, message, "order")
