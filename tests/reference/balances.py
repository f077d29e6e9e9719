"""Balances of accounts by walking through the days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tests.reference.days import ONE_DAY, Period, each_day
from tests.reference.deliveries import Deliveries

CENT = Decimal("0.01")
NOUGHT = Decimal(0)


def to_cents(amount: Decimal) -> Decimal:
    """Rounded once, half away from nought."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class AccountMonth:
    """What int_account_balance_month says of an account."""

    judged_on: date
    is_closed: bool
    opening_balance: Decimal
    late_change: Decimal
    closing_balance: Decimal
    balance_days: Decimal
    latest_balance_on: date


class Balances:
    """Closing balances on any day as known on any day."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._known: dict[date, dict[str, dict[date, Decimal]]] = {}

    def known(self, known_on: date) -> dict[str, dict[date, Decimal]]:
        """Per account the delivered closing balances by day, as known."""
        if known_on not in self._known:
            accounts: dict[str, dict[date, Decimal]] = defaultdict(dict)
            for row in self._deliveries.known("account_balances", known_on):
                accounts[row["account_id"]][row["balance_on"]] = row["closing_balance"]
            self._known[known_on] = dict(accounts)
        return self._known[known_on]

    def closing(self, account: str, day: date, known_on: date) -> Decimal:
        """The balance of the newest day up to the one asked for; nought before the first."""
        rows = self.known(known_on).get(account, {})
        days = [balance_on for balance_on in rows if balance_on <= day]
        return rows[max(days)] if days else NOUGHT

    def daily(self, account: str, first: date, last: date, known_on: date) -> list[Decimal]:
        """The closing balance of every day."""
        rows = self.known(known_on).get(account, {})
        balance = self.closing(account, first - ONE_DAY, known_on)
        found = []
        for day in each_day(first, last):
            balance = rows.get(day, balance)
            found.append(balance)
        return found

    def average(self, account: str, first: date, last: date, known_on: date) -> Decimal:
        """The average daily balance, both days included."""
        every = self.daily(account, first, last, known_on)
        return to_cents(sum(every, NOUGHT) / len(every))

    def month(self, account: str, period: Period) -> AccountMonth | None:
        """The account's month as known on the day judged; none before its first balance."""
        rows = self.known(period.judged_on).get(account)
        if rows is None:
            return None
        eve = period.month - ONE_DAY
        opening = self.closing(account, eve, period.judged_on)
        every = self.daily(account, period.month, period.judged_on, period.judged_on)
        return AccountMonth(
            judged_on=period.judged_on,
            is_closed=period.is_closed,
            opening_balance=opening,
            late_change=opening - self.closing(account, eve, eve),
            closing_balance=every[-1],
            balance_days=sum(every, NOUGHT),
            latest_balance_on=max(rows),
        )
