"""What the tier files must say together, on every day on which anything changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from orchestration.policy.files import Rows
from orchestration.policy.joint import at, covered
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.tier_rows import (
    WEIGHTED,
    BandRow,
    BoundRow,
    MeasureRow,
    SchemeRow,
    SlotRow,
    WatchRow,
)
from orchestration.policy.timeline import by_key, change_days

SCHEME, BOUND, GRACE = "policy_tier_scheme.csv", "policy_tier_bound.csv", "policy_tier_grace.csv"
SLOT = "policy_customer_tier.csv"
BAND, WATCH, MEASURE = "policy_tier_band.csv", "policy_tier_watch.csv", "policy_measure.csv"


def tier_problems(rows: Rows) -> Iterator[PolicyProblem]:
    """Schemes name measures, tiers and rules that are there, and their bounds fit together."""
    if not rows[SCHEME]:
        message = "has no scheme, so nobody would be judged; restore one"
        yield PolicyProblem(SCHEME, 1, "", "", message, "order")
    yield from _references(rows)
    for (scheme,), periods in by_key(rows[SCHEME], "scheme_code").items():
        bounds = [row for row in rows[BOUND] if cast(BoundRow, row).scheme_code == scheme]
        yield from _tiers(cast(Sequence[SchemeRow], periods), cast(Sequence[BoundRow], bounds))
    for bands in by_key(rows[BAND], "scheme_code").values():
        yield from _bands(cast(Sequence[BandRow], bands))
    for components in by_key(rows[MEASURE], "measure_code").values():
        yield from _measure(cast(Sequence[MeasureRow], components))


def _references(rows: Rows) -> Iterator[PolicyProblem]:
    measures = by_key(rows[MEASURE], "measure_code")
    graces = by_key(rows[GRACE], "grace_code")
    tiers = by_key(rows[BOUND], "scheme_code", "tier_rank")
    schemes = {cast(SchemeRow, row).scheme_code for row in rows[SCHEME]}
    for row in cast(Sequence[SchemeRow], rows[SCHEME]):
        yield from covered(SCHEME, row, "measure_code", measures, (row.measure_code,), MEASURE)
    for bound in cast(Sequence[BoundRow], rows[BOUND]):
        yield from covered(BOUND, bound, "grace_code", graces, (bound.grace_code,), GRACE)
    for watch in cast(Sequence[WatchRow], rows[WATCH]):
        if watch.scheme_code in schemes:
            key = (watch.scheme_code, watch.tier_rank)
            yield from covered(WATCH, watch, "tier_rank", tiers, key, BOUND)
    by_code = by_key(rows[SCHEME], "scheme_code")
    for slot in cast(Sequence[SlotRow], rows[SLOT]):
        yield from covered(SLOT, slot, "scheme_code", by_code, (slot.scheme_code,), SCHEME)
    for file in (BOUND, BAND, WATCH):
        for other in rows[file]:
            scheme = cast(BoundRow | BandRow | WatchRow, other).scheme_code
            if scheme not in schemes:
                message = f"{scheme!r} is not in {SCHEME}; correct it or add the scheme"
                yield at(file, other, "scheme_code", message, "reference")


def _tiers(schemes: Sequence[SchemeRow], bounds: Sequence[BoundRow]) -> Iterator[PolicyProblem]:
    """On every day of change while the scheme is in force: ranks 1..n, bounds rising, none lost."""
    told: set[tuple[int, str]] = set()
    held: dict[int, BoundRow] = {}
    for day in change_days(schemes, bounds):
        scheme = next((row for row in schemes if row.holds_on(day)), None)
        if scheme is None:
            held = {}
            continue
        tiers = sorted((row for row in bounds if row.holds_on(day)), key=lambda row: row.tier_rank)
        if not tiers:
            yield at(
                SCHEME,
                scheme,
                "scheme_code",
                f"{scheme.scheme_code!r} has no tiers on {day}; add them to {BOUND}",
                "order",
            )
        found_here = [*_lost(day, held, tiers), *_moved(day, held, tiers), *_ladder(day, tiers)]
        for found in found_here:
            if (found.line, found.column) not in told:
                told.add((found.line, found.column))
                yield found
        held = {row.tier_rank: row for row in tiers}


def _lost(
    day: date, held: dict[int, BoundRow], tiers: Sequence[BoundRow]
) -> Iterator[PolicyProblem]:
    present = {row.tier_rank for row in tiers}
    for rank, row in held.items():
        if rank not in present:
            message = (
                f"rank {rank} of {row.scheme_code} disappears on {day} while the scheme goes on, "
                "and whoever holds it would have no tier; keep it with a bound nobody reaches, or "
                "end the scheme and start another"
            )
            yield at(BOUND, row, "valid_to", message, "order")


def _moved(
    day: date, held: dict[int, BoundRow], tiers: Sequence[BoundRow]
) -> Iterator[PolicyProblem]:
    """A held tier is carried by its rank, so a rank means one tier for as long as its scheme."""
    for row in tiers:
        before = held.get(row.tier_rank)
        if before is not None and before.tier_code != row.tier_code:
            message = (
                f"rank {row.tier_rank} of {row.scheme_code} is {before.tier_code!r} until {day} "
                f"and {row.tier_code!r} from it, and whoever holds the one would get the other "
                "unjudged; add tiers at the top only, or end the scheme and start another"
            )
            yield at(BOUND, row, "tier_code", message, "order")


def _ladder(day: date, tiers: Sequence[BoundRow]) -> Iterator[PolicyProblem]:
    codes: dict[str, int] = {}
    for place, row in enumerate(tiers, start=1):
        before = tiers[place - 2] if place > 1 else None
        if row.tier_rank > place and (before is None or row.tier_rank != before.tier_rank + 1):
            message = f"there is no rank {row.tier_rank - 1} on {day}; ranks run 1, 2, 3, .."
            yield at(BOUND, row, "tier_rank", message, "order")
        elif before and before.lower_bound is not None and row.lower_bound is not None:
            if row.lower_bound <= before.lower_bound and row.tier_rank != before.tier_rank:
                message = (
                    f"{row.lower_bound} is not above the {before.lower_bound} of rank "
                    f"{before.tier_rank} (line {before.line}) on {day}; bounds rise with the rank"
                )
                yield at(BOUND, row, "lower_bound", message, "order")
        if row.tier_code in codes and codes[row.tier_code] != row.tier_rank:
            message = f"{row.tier_code!r} is two ranks of one scheme on {day}; name one otherwise"
            yield at(BOUND, row, "tier_code", message, "order")
        codes.setdefault(row.tier_code, row.tier_rank)


def _bands(bands: Sequence[BandRow]) -> Iterator[PolicyProblem]:
    told: set[int] = set()
    for day in change_days(bands):
        bounds: dict[object, BandRow] = {}
        for row in bands:
            if not row.holds_on(day):
                continue
            other = bounds.setdefault(row.lower_bound, row)
            if other.band_code != row.band_code and row.line not in told:
                told.add(row.line)
                amount = "no bound" if row.lower_bound is None else f"{row.lower_bound}"
                message = (
                    f"bands {other.band_code} (line {other.line}) and {row.band_code} both start "
                    f"at {amount} on {day}; give each a bound of its own"
                )
                yield at(BAND, row, "lower_bound", message, "order")


def _measure(components: Sequence[MeasureRow]) -> Iterator[PolicyProblem]:
    told: set[tuple[int, str]] = set()
    for day in change_days(components):
        for found in _measure_on(day, [row for row in components if row.holds_on(day)]):
            if (found.line, found.column) not in told:
                told.add((found.line, found.column))
                yield found


def _measure_on(day: date, rows: Sequence[MeasureRow]) -> Iterator[PolicyProblem]:
    counted = [row for row in rows if row.weight > 0]
    for row in rows:
        if row.basis != rows[0].basis:
            message = (
                f"measure {row.measure_code} is {rows[0].basis} on line {rows[0].line} and "
                f"{row.basis} here on {day}; a measure has one basis"
            )
            yield at(MEASURE, row, "basis", message, "order")
    if rows and not counted:
        message = f"all weights of {rows[0].measure_code} are 0 on {day}; nothing is measured"
        yield at(MEASURE, rows[0], "weight", message, "order")
    for row in counted:
        if row.component == WEIGHTED and len(counted) > 1:
            message = (
                f"on {day} {WEIGHTED} counts every account already; drop it or the other "
                f"components of {row.measure_code}"
            )
            yield at(MEASURE, row, "component", message, "order")
