"""What the segment files must say together, on every day on which anything changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from orchestration.policy.files import Rows
from orchestration.policy.joint import at, covered
from orchestration.policy.parameters import ParameterRow
from orchestration.policy.period import PeriodRow
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.segment_rows import AGE, INCOME, SegmentBandRow, SegmentGroupRow
from orchestration.policy.tiers_together import SCHEME
from orchestration.policy.timeline import by_key, change_days, first_uncovered

BAND, GROUP = "policy_segment_band.csv", "policy_segment_group.csv"
PARAMETER = "policy_parameter.csv"

# The first of two numbers must lie below the second, or a class between them would be empty.
_RISING = (
    ("segment_abc_a", "segment_abc_b"),
    ("segment_abc_literal_b", "segment_abc_literal_a"),
    ("segment_satisfaction_b", "segment_satisfaction_a"),
)
_SHARES = ("segment_deposit_heavy", "segment_intermediary_heavy")


def segment_problems(rows: Rows) -> Iterator[PolicyProblem]:
    """Bands cover every value, groups every band, and bounds of one measure rise."""
    bands = cast(Sequence[SegmentBandRow], rows[BAND])
    for scheme in (AGE, INCOME):
        ladder = [row for row in bands if row.scheme == scheme]
        yield from _bands(ladder)
        yield from _lowest(rows, scheme, ladder)
    yield from _groups(rows)
    yield from _numbers(rows)


def _bands(ladder: Sequence[SegmentBandRow]) -> Iterator[PolicyProblem]:
    """No two bands of a scheme begin at one value."""
    told: set[int] = set()
    for day in change_days(ladder):
        bounds: dict[Decimal | None, SegmentBandRow] = {}
        for row in ladder:
            if not row.holds_on(day):
                continue
            other = bounds.setdefault(row.lower_bound, row)
            if other is not row and row.line not in told:
                told.add(row.line)
                where = "below all bounds" if row.lower_bound is None else f"at {row.lower_bound}"
                message = (
                    f"bands {other.band} (line {other.line}) and {row.band} both start {where} on "
                    f"{day}; give each a bound of its own"
                )
                yield at(BAND, row, "lower_bound", message, "order")


def _lowest(rows: Rows, scheme: str, ladder: Sequence[SegmentBandRow]) -> Iterator[PolicyProblem]:
    """Whenever customers are judged, a band without a bound takes who lies below the others."""
    schemes = rows[SCHEME]
    if not schemes:
        return
    start, end = min(row.start for row in schemes), max(row.end for row in schemes)
    lowest = [row for row in ladder if row.lower_bound is None]
    missing = first_uncovered(start, end, lowest)
    if missing:
        line = lowest[-1].line if lowest else 0
        message = (
            f"{scheme} has no band without a lower bound on {missing}; whoever lies below the "
            "other bands would be in none"
        )
        yield PolicyProblem(BAND, line, "lower_bound", scheme, message, "order")


def _groups(rows: Rows) -> Iterator[PolicyProblem]:
    """Groups name income bands, and every income band has one for the insured and the others."""
    incomes = [row for row in cast(Sequence[SegmentBandRow], rows[BAND]) if row.scheme == INCOME]
    bands = by_key(incomes, "band")
    groups = by_key(rows[GROUP], "income_band", "is_insured")
    for row in cast(Sequence[SegmentGroupRow], rows[GROUP]):
        if (row.income_band,) not in bands:
            message = f"{row.income_band!r} is no {INCOME} of {BAND}; correct it or add it there"
            yield at(GROUP, row, "income_band", message, "reference")
    for band in incomes:
        for is_insured in (True, False):
            key = (band.band, is_insured)
            yield from covered(BAND, band, "band", groups, key, GROUP)


def _numbers(rows: Rows) -> Iterator[PolicyProblem]:
    given = by_key(rows[PARAMETER], "parameter")
    for lower, upper in _RISING:
        periods = given.get((lower,), []), given.get((upper,), [])
        for day, below, above in _beside(*periods):
            if below.value >= above.value:
                message = f"must be below the {above.value} of {upper} (line {above.line}) on {day}"
                yield at(PARAMETER, below, "value", message, "order")
                break
    for day, one, other in _beside(*(given.get((name,), []) for name in _SHARES)):
        if one.value + other.value <= 1:
            message = (
                f"and the {other.value} of {_SHARES[1]} (line {other.line}) do not exceed 1 on "
                f"{day}; a customer could be both"
            )
            yield at(PARAMETER, one, "value", message, "order")
            break


def _beside(
    ones: Sequence[PeriodRow], others: Sequence[PeriodRow]
) -> Iterator[tuple[date, ParameterRow, ParameterRow]]:
    """Both numbers on every day on which either changes and both hold."""
    for day in change_days(ones, others):
        found = [[row for row in rows if row.holds_on(day)] for rows in (ones, others)]
        for one, other in zip(*found, strict=False):
            yield day, cast(ParameterRow, one), cast(ParameterRow, other)
