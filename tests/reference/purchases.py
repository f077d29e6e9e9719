"""Days on which customers paid somebody, by looking at one payment after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.balances import NOUGHT
from tests.reference.days import ONE_DAY, Period
from tests.reference.deliveries import NOBODY, Row
from tests.reference.marts import Table
from tests.reference.months import CustomerMonths, owner

if TYPE_CHECKING:
    from tests.reference.bank import ReferenceBank


@dataclass
class History:
    """What is known of a customer's payments."""

    days: Counter[date] = field(default_factory=Counter)
    spend: Decimal = NOUGHT
    first: date | None = None
    last: date | None = None

    def learn(self, payments: Counter[date], spend: dict[date, Decimal]) -> None:
        """Adds what a month learned, by day."""
        for day, amount in spend.items():
            self.days[day] += payments[day]
            self.spend += amount
            if self.days[day] > 0:
                self.first = min(self.first or day, day)
                self.last = max(self.last or day, day)


def is_purchase(row: Row) -> bool:
    """Whether a customer paid somebody."""
    is_paid = row["kind"] in ("payment", "bill") and row["amount"] < 0
    return bool(is_paid and row["channel"] != "system")


def purchase_histories(bank: ReferenceBank) -> Table:
    """(customer, month): what fct_purchase_history says."""
    found: Table = {}
    histories: dict[str, History] = {}
    for period in bank.periods:
        for customer, (payments, spend) in _learned(bank, period).items():
            histories.setdefault(customer, History()).learn(payments, spend)
        for customer, history in histories.items():
            found[customer, period.month] = {
                "judged_on": period.judged_on,
                "is_closed": period.is_closed,
                "purchase_days": sum(count > 0 for count in history.days.values()),
                "spend": history.spend,
                "first_purchase_on": history.first,
                "last_purchase_on": history.last,
            }
    return found


def _learned(
    bank: ReferenceBank, period: Period
) -> dict[str, tuple[Counter[date], dict[date, Decimal]]]:
    accounts = CustomerMonths(bank.deliveries).accounts(period)
    learned: dict[str, tuple[Counter[date], dict[date, Decimal]]] = defaultdict(
        lambda: (Counter(), defaultdict(lambda: NOUGHT))
    )
    eve = period.month - ONE_DAY
    for row, sign in bank.deliveries.learned("transactions", eve, period.judged_on):
        customer = owner(accounts, row)
        if is_purchase(row) and customer != NOBODY:
            payments, spend = learned[customer]
            payments[row["booked_on"]] += sign
            spend[row["booked_on"]] -= sign * row["amount"]
    for payments, spend in learned.values():
        for day in [day for day in spend if not payments[day] and not spend[day]]:
            del spend[day]
    return {customer: parts for customer, parts in learned.items() if parts[1]}
