"""What the star files must say together, on every day on which anything changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import cast

from orchestration.policy.files import Rows
from orchestration.policy.joint import at, covered
from orchestration.policy.parameters import ParameterRow
from orchestration.policy.period import PeriodRow
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.star_rows import (
    StarBandRow,
    StarDimensionRow,
    StarMeasureRow,
    StarScoreRow,
)
from orchestration.policy.timeline import by_key, change_days

DIMENSION, STAR_MEASURE = "policy_star_dimension.csv", "policy_star_measure.csv"
SCORE, STAR_BAND = "policy_star_score.csv", "policy_star_band.csv"
_SCHEME, _PARAMETER = "policy_tier_scheme.csv", "policy_parameter.csv"
# Months of a year after which evaluation days come round again.
_YEARLY = (1, 2, 3, 4, 6, 12)

Ladder = Sequence[StarScoreRow | StarBandRow]


def star_problems(rows: Rows) -> Iterator[PolicyProblem]:
    """Weights add up, steps and grades make ladders, and all of it holds whenever tiers do."""
    yield from _references(rows)
    yield from _numbers(rows)
    told: set[tuple[str, int, str]] = set()
    grades: Sequence[StarBandRow] = ()
    for day in _days(rows):
        now = {file: [row for row in rows[file] if row.holds_on(day)] for file in rows}
        before, grades = grades, _sorted_grades(now[STAR_BAND])
        found_here = [*_weights(day, now), *_steps(day, now), *_grades(day, before, grades)]
        for found in found_here:
            if (found.file, found.line, found.column) not in told:
                told.add((found.file, found.line, found.column))
                yield found


def _days(rows: Rows) -> Iterator[date]:
    """The days of change on which anybody is judged."""
    schemes = rows[_SCHEME]
    start = min((row.start for row in schemes), default=None)
    end = max((row.end for row in schemes), default=date.min)
    if start is not None:
        groups = (rows[file] for file in (_SCHEME, DIMENSION, STAR_MEASURE, SCORE, STAR_BAND))
        yield from (day for day in change_days(*groups) if start <= day < end)


def _references(rows: Rows) -> Iterator[PolicyProblem]:
    dimensions = by_key(rows[DIMENSION], "dimension")
    scores = by_key(rows[SCORE], "measure")
    measures = by_key(rows[STAR_MEASURE], "measure")
    for row in cast(Sequence[StarMeasureRow], rows[STAR_MEASURE]):
        yield from covered(STAR_MEASURE, row, "dimension", dimensions, (row.dimension,), DIMENSION)
        yield from covered(STAR_MEASURE, row, "measure", scores, (row.measure,), SCORE)
    for score in cast(Sequence[StarScoreRow], rows[SCORE]):
        if (score.measure,) not in measures:
            message = f"{score.measure!r} is not in {STAR_MEASURE}; remove it or add it there"
            yield at(SCORE, score, "measure", message, "reference")


def _numbers(rows: Rows) -> Iterator[PolicyProblem]:
    for row in cast(Sequence[ParameterRow], rows[_PARAMETER]):
        if row.parameter == "star_evaluation_months" and row.value not in _YEARLY:
            message = "does not divide a year; use 1, 2, 3, 4, 6 or 12, so that days stay fixed"
            yield at(_PARAMETER, row, "value", message, "value")
        if row.parameter == "star_neutral_points" and row.value != round(row.value, 2):
            yield at(_PARAMETER, row, "value", "has more than 2 decimals, unlike points", "value")


def _weights(day: date, now: Rows) -> Iterator[PolicyProblem]:
    """Of all dimensions, and within each of them, weights add up to 1."""
    dimensions = cast(Sequence[StarDimensionRow], now[DIMENSION])
    yield from _adds_up(day, DIMENSION, dimensions, "all dimensions")
    measures = by_key(now[STAR_MEASURE], "dimension")
    for row in dimensions:
        found = cast(Sequence[StarMeasureRow], measures.get((row.dimension,), ()))
        if found:
            yield from _adds_up(day, STAR_MEASURE, found, row.dimension)
        else:
            message = f"{row.dimension} has no measure on {day}; add one to {STAR_MEASURE}"
            yield at(DIMENSION, row, "dimension", message, "order")


def _adds_up(
    day: date,
    file: str,
    rows: Sequence[StarDimensionRow] | Sequence[StarMeasureRow],
    what: str,
) -> Iterator[PolicyProblem]:
    total = sum((row.weight for row in rows), Decimal(0))
    if total == 1:
        return
    message = f"weights of {what} add up to {total} on {day}; they must add up to 1"
    if rows:
        yield at(file, rows[0], "weight", message, "order")
    else:
        yield PolicyProblem(file, 0, "", "", f"says nothing of {day}; {message}", "order")


def _steps(day: date, now: Rows) -> Iterator[PolicyProblem]:
    """Of each measure, steps 1..n with rising bounds, and points that follow its direction."""
    scores = by_key(now[SCORE], "measure")
    for measure in cast(Sequence[StarMeasureRow], now[STAR_MEASURE]):
        steps = sorted(
            cast(Sequence[StarScoreRow], scores.get((measure.measure,), ())),
            key=lambda row: row.step,
        )
        yield from _ladder(day, SCORE, "step", steps)
        for lower, upper in pairwise(steps):
            rises, falls = upper.points > lower.points, upper.points < lower.points
            if falls if measure.better == "more" else rises:
                message = (
                    f"{upper.points} after {lower.points} (line {lower.line}) on {day}, but "
                    f"{measure.better} {measure.measure} is better (line {measure.line} of "
                    f"{STAR_MEASURE})"
                )
                yield at(SCORE, upper, "points", message, "order")


def _grades(
    day: date, before: Sequence[StarBandRow], grades: Sequence[StarBandRow]
) -> Iterator[PolicyProblem]:
    if not grades:
        message = f"has no grades on {day}; customers are judged then"
        yield PolicyProblem(STAR_BAND, 0, "", "", message, "order")
    yield from _ladder(day, STAR_BAND, "grade_rank", grades)
    yield from _carried(day, before, grades)


def _carried(
    day: date, before: Sequence[StarBandRow], grades: Sequence[StarBandRow]
) -> Iterator[PolicyProblem]:
    """A held grade is carried by its rank, so a rank means one grade for as long as any do."""
    present = {row.grade_rank: row for row in grades}
    for old in before if grades else ():
        new = present.get(old.grade_rank)
        if new is None:
            message = (
                f"rank {old.grade_rank} disappears on {day}, and whoever holds it would have no "
                "grade; keep it with a bound nobody reaches"
            )
            yield at(STAR_BAND, old, "valid_to", message, "order")
        elif new.grade_code != old.grade_code:
            message = (
                f"rank {new.grade_rank} is {old.grade_code!r} until {day} and "
                f"{new.grade_code!r} from it, and whoever holds the one would get the other "
                "unjudged; add grades at the top only"
            )
            yield at(STAR_BAND, new, "grade_code", message, "order")
    codes: dict[str, int] = {}
    for row in grades:
        if codes.setdefault(row.grade_code, row.grade_rank) != row.grade_rank:
            message = f"{row.grade_code!r} is two ranks on {day}; name one otherwise"
            yield at(STAR_BAND, row, "grade_code", message, "order")


def _ladder(day: date, file: str, column: str, rungs: Ladder) -> Iterator[PolicyProblem]:
    """Places run 1, 2, 3, .. and bounds rise with them."""
    for place, row in enumerate(rungs, start=1):
        if _place(row, column) != place:
            message = f"there is no {column} {place} on {day}; they run 1, 2, 3, .."
            yield at(file, row, column, message, "order")
            return
    for lower, upper in pairwise(rungs):
        bound, above = lower.lower_bound, upper.lower_bound
        if bound is not None and above is not None and above <= bound:
            message = (
                f"{above} is not above the {bound} of {column} {_place(lower, column)} "
                f"(line {lower.line}) on {day}; bounds rise with it"
            )
            yield at(file, upper, "lower_bound", message, "order")


def _place(row: PeriodRow, column: str) -> int:
    place: int = vars(row)[column]
    return place


def _sorted_grades(rows: Sequence[PeriodRow]) -> Sequence[StarBandRow]:
    return sorted(cast(Sequence[StarBandRow], rows), key=lambda row: row.grade_rank)
