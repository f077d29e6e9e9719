"""Half-open periods: gaps, overlaps, coverage, and the days on which anything changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from orchestration.policy.period import PeriodRow
from orchestration.policy.problem import PolicyProblem


def by_key(rows: Iterable[PeriodRow], *names: str) -> dict[tuple[Any, ...], list[PeriodRow]]:
    """Rows per value of some columns (default: the file's key), in order of time."""
    found: dict[tuple[Any, ...], list[PeriodRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.start, row.line)):
        key = tuple(getattr(row, name) for name in names) if names else row.key_values
        found[key].append(row)
    return found


def timeline_problems(file: str, rows: Sequence[PeriodRow]) -> Iterator[PolicyProblem]:
    """Identical rows, and keys whose periods overlap or leave days out."""
    seen: dict[PeriodRow, int] = {}
    distinct = []
    for row in rows:
        plain = row.model_copy(update={"line": 0})
        if plain in seen:
            message = f"repeats line {seen[plain]}; remove one of the two"
            yield PolicyProblem(file, row.line, "", "", message, "duplicate")
        else:
            seen[plain] = row.line
            distinct.append(row)
    for key, periods in by_key(distinct).items():
        yield from _joints(file, key, periods)


def _joints(
    file: str, key: tuple[Any, ...], periods: Sequence[PeriodRow]
) -> Iterator[PolicyProblem]:
    name = " ".join(str(part) for part in key)
    for before, after in pairwise(periods):
        if after.start < before.end:
            end = "open" if before.end == date.max else f"up to {before.end}"
            message = (
                f"{name} is in force twice from {after.start}: line {before.line} runs {end}; "
                f"end that one with valid_to {after.start}"
            )
        elif after.start > before.end:
            message = (
                f"{name} is not in force from {before.end} to {after.start}: line {before.line} "
                "ends before; let one period end on the day the next begins"
            )
        else:
            continue
        yield PolicyProblem(
            file, after.line, "valid_from", after.start.isoformat(), message, "timeline"
        )


def first_uncovered(start: date, end: date, periods: Iterable[PeriodRow]) -> date | None:
    """The first day of [start, end) on which none of the periods is in force."""
    day = start
    for row in sorted(periods, key=lambda row: row.start):
        if row.start > day:
            break
        day = max(day, row.end)
    return day if day < end else None


def change_days(*groups: Iterable[PeriodRow]) -> list[date]:
    """All days on which a period of any group begins or ends."""
    days = {day for rows in groups for row in rows for day in (row.start, row.end)}
    return sorted(day for day in days if day < date.max)
