"""What joint rules are made of: a problem at a row, and references that must be in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from orchestration.policy.period import PeriodRow
from orchestration.policy.problem import PolicyProblem, Rule
from orchestration.policy.timeline import first_uncovered


def at(file: str, row: PeriodRow, column: str, message: str, rule: Rule) -> PolicyProblem:
    """A problem with a row's column."""
    value = getattr(row, column)
    return PolicyProblem(file, row.line, column, "" if value is None else str(value), message, rule)


def covered(
    file: str,
    row: PeriodRow,
    column: str,
    targets: dict[tuple[Any, ...], list[PeriodRow]],
    key: tuple[Any, ...],
    where: str,
) -> Iterator[PolicyProblem]:
    """The row's period must lie within the periods of what it names."""
    named = " ".join(str(part) for part in key)
    periods = targets.get(key, [])
    if not periods:
        message = f"{named!r} is not in {where}; correct it or add it there"
        yield at(file, row, column, message, "reference")
        return
    missing = first_uncovered(row.start, row.end, periods)
    if missing:
        message = (
            f"{named!r} is not in force on {missing} in {where}; let it hold from "
            f"{row.start} to {'the end' if row.end == date.max else row.end}"
        )
        yield at(file, row, column, message, "reference")
