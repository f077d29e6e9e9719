"""What joint rules are made of: a problem at a row, references in force, values always there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from orchestration.policy.period import PeriodRow
from orchestration.policy.problem import PolicyProblem, Rule
from orchestration.policy.timeline import by_key, first_uncovered


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


def always_there(
    file: str, rows: Sequence[PeriodRow], key: str, known: Sequence[str], start: date, end: date
) -> Iterator[PolicyProblem]:
    """Each of the known values of a column has a row on every day from start to end."""
    given = by_key(rows, key)
    for name in known:
        periods = given.get((name,), [])
        missing = first_uncovered(start, end, periods)
        if missing:
            line = periods[-1].line if periods else 0
            message = f"has no {name} on {missing}; customers are judged then, give it a row"
            yield PolicyProblem(file, line, key, name, message, "order")
