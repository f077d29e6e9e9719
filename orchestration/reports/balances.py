"""Average daily balance of an account over any days, as known on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from orchestration.state import Window

# Every change of a balance counts for the days from it to the window's end: no day is expanded.
_BALANCE_DAYS = """
    select
        sum(change_amount * datediff('day', greatest(effective_on, $start), $end)),
        sum(change_amount) filter (effective_on < $start),
        sum(change_amount),
        greatest(datediff('day', $start, min(effective_on)), 0)
    from facts.int_balance_changes
    where account_key = $account and effective_on < $end and known_on <= $as_of
"""
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class AverageBalance:
    """Amounts in the reporting currency; the average is rounded once, half away from zero."""

    average: Decimal
    balance_days: Decimal
    # None where no balance was known of the day before the first.
    opening: Decimal | None
    closing: Decimal
    # Days before the first balance known; they count as zero.
    unknown_days: int


def average_daily_balance(
    con: duckdb.DuckDBPyConnection, account_key: int, days: Window, as_of: date
) -> AverageBalance | None:
    """The average over the half-open window `days`, from what was known on `as_of`.

    None where nothing was known of the account. Days before its first balance count as zero.
    """
    row = con.execute(
        _BALANCE_DAYS,
        {"account": account_key, "start": days.start, "end": days.end, "as_of": as_of},
    ).fetchone()
    if row is None or row[0] is None:
        return None
    balance_days, opening, closing, unknown_days = row
    average = (balance_days / (days.end - days.start).days).quantize(_CENT, ROUND_HALF_UP)
    return AverageBalance(average, balance_days, opening, closing, unknown_days)


def in_words(found: AverageBalance, days: Window, known: date) -> str:
    """The answer as a line; what was not known is said to be so.

    `known` is the last day that anything is known of.
    """
    first = days.start + timedelta(days=found.unknown_days)
    opening = f"unknown (no balance before {first})"
    if found.opening is not None:
        opening = f"{found.opening:,}"
    after = min((days.as_of - known).days, (days.end - days.start).days)
    later = (
        f"; last {after} day(s) lie after what is known ({known}) and take its balance"
        if after > 0
        else ""
    )
    unknown = (
        f" ({found.unknown_days} before the first balance known, counted as zero)"
        if found.unknown_days
        else ""
    )
    return (
        f"average {found.average:,} over {(days.end - days.start).days} day(s){unknown}; "
        f"opening {opening}, closing {found.closing:,}{later}"
    )
