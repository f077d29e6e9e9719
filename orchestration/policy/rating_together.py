"""What the policies of the corporate rating must say together, on every day of change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import cast

from orchestration.policy.files import Rows
from orchestration.policy.joint import always_there, at
from orchestration.policy.parameters import LEVELS, ParameterRow
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.rating_rows import (
    BLOCKS,
    GRADES,
    OTHER,
    SETS,
    RatingBenchmarkRow,
    RatingBlockRow,
    RatingGradeRow,
    RatingIndicatorRow,
    RatingIndustryRow,
    RatingItemRow,
    RatingKnockoutRow,
    RatingScaleRow,
)
from orchestration.policy.timeline import change_days

BLOCK, INDICATOR = "policy_rating_block.csv", "policy_rating_indicator.csv"
BENCHMARK, INDUSTRY = "policy_rating_benchmark.csv", "policy_rating_industry.csv"
ITEM, GRADE = "policy_rating_item.csv", "policy_rating_grade.csv"
SCALE, KNOCKOUT = "policy_rating_master_scale.csv", "policy_rating_knockout.csv"
_PARAMETER = "policy_parameter.csv"
_PARTS = tuple(f"rating_{part}_weight" for part in BLOCKS)
_COEFFICIENTS = tuple(f"rating_{level}_coefficient" for level in LEVELS)
# Points are told to four decimals: the product of a weight and a coefficient, two each.
_TWO_DECIMALS = (*_PARTS, *_COEFFICIENTS)
FULL = Decimal(100)


def rating_problems(rows: Rows, start: date | None, end: date) -> Iterator[PolicyProblem]:
    """Blocks come to 100, sets to their blocks, benchmarks run as their indicators, grades rise."""
    for row in cast(Sequence[ParameterRow], rows[_PARAMETER]):
        if row.parameter in _TWO_DECIMALS and row.value != round(row.value, 2):
            message = "has more than 2 decimals; points are told to four"
            yield at(_PARAMETER, row, "value", message, "value")
    if start is None:
        return
    blocks = [name for names in BLOCKS.values() for name in names]
    yield from always_there(BLOCK, rows[BLOCK], "block", blocks, start, end)
    yield from always_there(INDUSTRY, rows[INDUSTRY], "industry", [OTHER], start, end)
    yield from always_there(SCALE, rows[SCALE], "grade", GRADES, start, end)
    told: set[tuple[str, int, str]] = set()
    for day in _days(rows, start, end):
        now = {file: [row for row in found if row.holds_on(day)] for file, found in rows.items()}
        for found in _on(day, now):
            if (found.file, found.line, found.column) not in told:
                told.add((found.file, found.line, found.column))
                yield found


def _days(rows: Rows, start: date, end: date) -> list[date]:
    files = (BLOCK, INDICATOR, BENCHMARK, INDUSTRY, ITEM, GRADE, SCALE, KNOCKOUT, _PARAMETER)
    changes = change_days(*(rows[file] for file in files))
    return sorted({start, *(day for day in changes if start <= day < end)})


def _on(day: date, now: Rows) -> Iterator[PolicyProblem]:
    yield from _parts(day, now)
    yield from _blocks(day, now)
    yield from _sets(day, now)
    yield from _benchmarks(day, now)
    yield from _items(day, now)
    for applies in ("unsplit", "split"):
        yield from _grades(day, now, applies)
    yield from _knockouts(day, now)
    yield from _scale(day, now)


def _parts(day: date, now: Rows) -> Iterator[PolicyProblem]:
    """Both parts weigh 1 together, and coefficients fall from level to level."""
    given = {row.parameter: row for row in cast(Sequence[ParameterRow], now[_PARAMETER])}
    parts = [given[name] for name in _PARTS if name in given]
    total = sum((row.value for row in parts), Decimal(0))
    if len(parts) == len(_PARTS) and total != 1:
        message = f"weights of both parts add up to {total} on {day}; they must add up to 1"
        yield at(_PARAMETER, parts[0], "value", message, "order")
    levels = [given[name] for name in _COEFFICIENTS if name in given]
    for better, worse in pairwise(levels):
        if worse.value >= better.value:
            message = (
                f"is not below the {better.value} of {better.parameter} on {day}; a better level "
                "brings more"
            )
            yield at(_PARAMETER, worse, "value", message, "order")


def _blocks(day: date, now: Rows) -> Iterator[PolicyProblem]:
    blocks = cast(Sequence[RatingBlockRow], now[BLOCK])
    for part in BLOCKS:
        rows = [row for row in blocks if row.part == part]
        total = sum((row.corrected for row in rows), Decimal(0))
        if rows and total != FULL:
            message = f"{part} blocks come to {total} points on {day}; they must come to 100"
            yield at(BLOCK, rows[0], "corrected", message, "order")


def _sets(day: date, now: Rows) -> Iterator[PolicyProblem]:
    """Either set of a block brings the block's points: so they may stand for each other."""
    indicators = cast(Sequence[RatingIndicatorRow], now[INDICATOR])
    for block in cast(Sequence[RatingBlockRow], now[BLOCK]):
        for name in SETS if block.part == "quantitative" else ():
            rows = [r for r in indicators if (r.block, r.indicator_set) == (block.block, name)]
            total = sum((row.weight for row in rows), Decimal(0))
            if total == block.corrected:
                continue
            message = (
                f"the {name} set of {block.block} comes to {total} points on {day}; its block has "
                f"{block.corrected}"
            )
            if rows:
                yield at(INDICATOR, rows[0], "weight", message, "order")
            else:
                yield at(BLOCK, block, "block", message, "order")


def _benchmarks(day: date, now: Rows) -> Iterator[PolicyProblem]:
    """Every table of benchmarks that an industry names has every indicator, running its way."""
    given = {
        (row.benchmark, row.indicator): row
        for row in cast(Sequence[RatingBenchmarkRow], now[BENCHMARK])
    }
    for industry in cast(Sequence[RatingIndustryRow], now[INDUSTRY]):
        for indicator in cast(Sequence[RatingIndicatorRow], now[INDICATOR]):
            row = given.get((industry.benchmark, indicator.indicator))
            if row is None:
                message = (
                    f"{industry.benchmark!r} has no {indicator.indicator} in {BENCHMARK} on {day}; "
                    "add it there"
                )
                yield at(INDUSTRY, industry, "benchmark", message, "reference")
            elif (row.excellent > row.poor) != (indicator.better == "more"):
                message = (
                    f"runs to {row.poor}, but {indicator.better} {indicator.indicator} is better "
                    f"(line {indicator.line} of {INDICATOR}) on {day}"
                )
                yield at(BENCHMARK, row, "excellent", message, "order")


def _items(day: date, now: Rows) -> Iterator[PolicyProblem]:
    """Every qualitative block has items for either trade, which come to the same."""
    items = cast(Sequence[RatingItemRow], now[ITEM])
    for block in cast(Sequence[RatingBlockRow], now[BLOCK]):
        if block.part != "qualitative":
            continue
        mine = [row for row in items if row.block == block.block]
        sums = {
            trade: sum((row.points for row in mine if row.trade in ("all", trade)), Decimal(0))
            for trade in ("producer", "trading")
        }
        if not all(sums.values()):
            message = f"{block.block} has no item on {day}; add one to {ITEM}"
            yield at(BLOCK, block, "block", message, "order")
        elif sums["producer"] != sums["trading"]:
            message = (
                f"items of {block.block} come to {sums['producer']} points for producers and "
                f"{sums['trading']} for trading firms on {day}; they must come to the same"
            )
            yield at(ITEM, mine[0], "points", message, "order")


def _grades(day: date, now: Rows, applies: str) -> Iterator[PolicyProblem]:
    """The grades in force begin with the lowest, and bounds rise with them."""
    grades = cast(Sequence[RatingGradeRow], now[GRADE])
    rungs = sorted(
        (row for row in grades if row.applies in ("always", applies)),
        key=lambda row: row.grade_rank,
    )
    if not rungs or rungs[0].grade_rank != 1:
        message = f"has no grade {GRADES[0]} on {day}, which takes all below the others"
        yield PolicyProblem(GRADE, 0, "grade", GRADES[0], message, "order")
    for lower, upper in pairwise(rungs):
        bounds = (lower.lower_bound, upper.lower_bound)
        if lower.grade == upper.grade:
            message = f"{upper.grade} stands twice on {day} (line {lower.line})"
            yield at(GRADE, upper, "grade", message, "order")
        elif None not in bounds and cast(Decimal, bounds[1]) <= cast(Decimal, bounds[0]):
            message = f"is not above the {bounds[0]} of {lower.grade} (line {lower.line}) on {day}"
            yield at(GRADE, upper, "lower_bound", message, "order")


def _knockouts(day: date, now: Rows) -> Iterator[PolicyProblem]:
    """A grade that nobody can have would knock out nobody."""
    there = {row.grade for row in cast(Sequence[RatingGradeRow], now[GRADE])}
    for row in cast(Sequence[RatingKnockoutRow], now[KNOCKOUT]):
        if row.best_grade not in there:
            message = f"{row.best_grade} has no row in {GRADE} on {day}; name a grade in force"
            yield at(KNOCKOUT, row, "best_grade", message, "reference")


def _scale(day: date, now: Rows) -> Iterator[PolicyProblem]:
    """A better grade never stands for more defaults."""
    given = cast(Sequence[RatingScaleRow], now[SCALE])
    for worse, better in pairwise(sorted(given, key=lambda row: GRADES.index(row.grade))):
        if better.default_probability > worse.default_probability:
            message = f"is above the {worse.default_probability} of {worse.grade} on {day}"
            yield at(SCALE, better, "default_probability", message, "order")
