"""Months and days of the calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A month as judged on a day: its end, or the latest day known while it runs."""

    month: date
    judged_on: date

    @property
    def days(self) -> list[date]:
        """Every day judged."""
        return list(each_day(self.month, self.judged_on))

    @property
    def is_closed(self) -> bool:
        """Whether the month has ended."""
        return self.judged_on == month_end(self.month)


def each_day(first: date, last: date) -> Iterator[date]:
    """Days from first to last, both included."""
    while first <= last:
        yield first
        first += ONE_DAY


def month_of(day: date) -> date:
    """First day of a day's month."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """First day of a month some months away."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def month_end(month: date) -> date:
    """Last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def periods(first_day: date, as_of: date) -> list[Period]:
    """The months from the first day's to that of `as_of`, the last one perhaps running."""
    found = []
    month = month_of(first_day)
    while month <= as_of:
        found.append(Period(month, min(month_end(month), as_of)))
        month = add_months(month, 1)
    return found
