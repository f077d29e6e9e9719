"""Bookings against balances, account month by account month, from the published rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tests.integration.berka.published import PublishedBank
from tests.reference.days import month_of


@dataclass(frozen=True)
class Ledger:
    """Least and most where the day on which a month ends does not say with which balance."""

    account_months: int
    apart: tuple[int, int]
    share: tuple[Decimal, Decimal]
    share_of_turnover: tuple[Decimal, Decimal]


def ledger(published: PublishedBank, last: date, tolerance: Decimal) -> Ledger:
    """All account months up to the month of `last` but the first of each account."""
    found: list[tuple[Decimal, Decimal]] = []
    turnover = Decimal(0)
    for account in published.bookings:
        closings = {
            month_of(day.on): day.closings for day in published.days(account) if day.on <= last
        }
        booked: dict[date, Decimal] = defaultdict(Decimal)
        gross: dict[date, Decimal] = defaultdict(Decimal)
        for booking in published.bookings[account]:
            booked[month_of(booking.booked_on)] += booking.amount
            gross[month_of(booking.booked_on)] += abs(booking.amount)
        for before, month in pairwise(closings):
            differences = [
                abs(booked[month] - (closing - opening))
                for closing in closings[month]
                for opening in closings[before]
            ]
            found.append((min(differences), max(differences)))
            turnover += gross[month]
    apart = [sum(case[side] > tolerance for case in found) for side in (0, 1)]
    money = [sum((case[side] for case in found), Decimal(0)) for side in (0, 1)]
    return Ledger(
        len(found),
        (apart[0], apart[1]),
        (Decimal(apart[0]) / len(found), Decimal(apart[1]) / len(found)),
        (money[0] / turnover, money[1] / turnover),
    )
