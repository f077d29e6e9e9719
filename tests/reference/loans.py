"""What is known of loans at a month's end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.reference.days import Period
from tests.reference.deliveries import NOBODY, Deliveries, Row


@dataclass(frozen=True)
class LoanMonth:
    """What int_loan_month says of a loan."""

    judged_on: date
    is_closed: bool
    customer_key: str
    status: str | None
    granted_on: date | None
    amount: Decimal | None
    observed_on: date
    days_past_due: int
    outstanding: Decimal
    in_default: bool

    @property
    def is_owed(self) -> bool:
        """A loan that is repaid is owed no more."""
        return self.status != "repaid"


def loan_months(
    deliveries: Deliveries, period: Period, known_on: date | None = None
) -> dict[str, LoanMonth]:
    """Per loan its newest observation and its terms, as known."""
    known = known_on or period.judged_on
    newest: dict[str, Row] = {}
    for row in deliveries.known("loan_performance", known):
        other = newest.get(row["loan_id"])
        if other is None or other["month_end"] < row["month_end"]:
            newest[row["loan_id"]] = row
    terms = deliveries.versions("loans", "loan_id", period.judged_on, known)
    found = {}
    for loan, row in newest.items():
        version = terms.get(loan)
        found[loan] = LoanMonth(
            judged_on=period.judged_on,
            is_closed=period.is_closed,
            customer_key=version["customer_id"] if version else NOBODY,
            status=version["status"] if version else None,
            granted_on=version["granted_on"] if version else None,
            amount=version["amount"] if version else None,
            observed_on=row["month_end"],
            days_past_due=row["days_past_due"],
            outstanding=row["outstanding"],
            in_default=row["in_default"],
        )
    return found
