"""Average daily balance of an account over any days, as known on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from orchestration.state import Window

# Every change of a balance counts for the days from it to the window's end: no day is expanded.
_BALANCE_DAYS = """
    select
        sum(change_amount * datediff('day', greatest(effective_on, $start), $end)),
        coalesce(sum(change_amount) filter (effective_on < $start), 0),
        sum(change_amount)
    from facts.int_balance_changes
    where account_key = $account and effective_on < $end and known_on <= $as_of
"""
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class AverageBalance:
    """Amounts in the reporting currency; the average is rounded once, half away from zero."""

    average: Decimal
    balance_days: Decimal
    opening: Decimal
    closing: Decimal


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
    balance_days, opening, closing = (Decimal(value) for value in row)
    average = (balance_days / (days.end - days.start).days).quantize(_CENT, ROUND_HALF_UP)
    return AverageBalance(average, balance_days, opening, closing)
