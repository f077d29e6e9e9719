"""What is known of a customer, added up row after row in the order in which it was learned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.reference.balances import NOUGHT
from tests.reference.days import ONE_DAY, Period
from tests.reference.deliveries import NOBODY, Deliveries, Row
from tests.reference.months import (
    ACTIVITY,
    FLOWS,
    Classes,
    CustomerMonths,
    Fact,
    booked,
    open_classes,
    owner,
    worth,
)

ASSETS = ("demand", "time_deposit", "wealth", "fund", "insurance", "bond")
DEPOSITS = ("demand", "time_deposit")
# Whom to believe of one day.
SOURCES = ("survey", "manager", "bureau")
DAYS = {"last_own_transaction_on": max, "first_account_on": min, "first_lead_on": min}

Trail = dict[str, Any]


class Trails:
    """Walks through the months and keeps the totals of everybody who has appeared."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._months = CustomerMonths(deliveries)
        self._trails: dict[str, Trail] = {}

    def walk(
        self, periods: list[Period], facts: dict[date, dict[str, Fact]]
    ) -> Iterator[tuple[str, date, Trail]]:
        """Customer, month and the trail up to then, from the first month on."""
        for period in periods:
            for customer in self._appearing(period) | set(facts[period.month]) - {NOBODY}:
                self._trails.setdefault(customer, _beginning())
            self._learn(period)
            for customer, trail in self._trails.items():
                trail["judged_on"], trail["is_closed"] = period.judged_on, period.is_closed
                trail["months_known"] += 1
                trail["days_known"] += len(period.days)
                self._keep(trail, facts[period.month].get(customer))
                trail |= self._elsewhere(customer, period)
                yield customer, period.month, dict(trail)

    def _appearing(self, period: Period) -> set[str]:
        """Whoever a row of the month speaks of, even if it was taken back within it."""
        accounts = self._months.accounts(period)
        found = {
            row["customer_id"]
            for table in (*ACTIVITY, "external_assets")
            for row in self._deliveries.touched(table, period.month, period.judged_on)
        }
        found |= {
            owner(accounts, row)
            for row in self._deliveries.touched("transactions", period.month, period.judged_on)
        }
        return found - {None, NOBODY}

    def _learn(self, period: Period) -> None:
        accounts = self._months.accounts(period)
        held = open_classes(period, accounts, self._months.products(period))
        for row, sign in self._learned("transactions", period):
            trail = self._trails.get(owner(accounts, row))
            if trail is not None:
                for flow in FLOWS:
                    trail[f"total_{flow}"] += sign * booked(flow, row)
                trail["total_turnover"] += sign * abs(row["amount"])
                trail["total_fees"] -= sign * row["amount"] * (row["kind"] == "fee")
                is_premium = row["kind"] == "insurance"
                trail["total_insurance_premium"] -= sign * row["amount"] * is_premium
        for table, (_, measures) in ACTIVITY.items():
            for row, sign in self._learned(table, period):
                if row["customer_id"] is not None:
                    self._count(row, sign, measures, held)

    def _count(self, row: Row, sign: int, measures: tuple[str, ...], held: Classes) -> None:
        for measure in measures:
            value = sign * worth(measure, row, held)
            self._trails[row["customer_id"]][f"total_{measure}"] += value

    def _learned(self, table: str, period: Period) -> Iterator[tuple[Row, int]]:
        return self._deliveries.learned(table, period.month - ONE_DAY, period.judged_on)

    @staticmethod
    def _keep(trail: Trail, fact: Fact | None) -> None:
        """Balances and days of the month, which stay as it knew them."""
        if fact is None:
            return
        for name, classes in (("asset", ASSETS), ("deposit", DEPOSITS)):
            for kind in classes:
                trail[f"total_{name}_balance_days"] += fact[f"{kind}_balance_days"]
        for name, pick in DAYS.items():
            days = [day for day in (trail[name], fact[name]) if day is not None]
            trail[name] = pick(days, default=None)

    def _elsewhere(self, customer: str, period: Period) -> Trail:
        """The newest observation of all that are known, of the best source of its day."""
        known = [
            row
            for row in self._deliveries.known("external_assets", period.judged_on)
            if row["customer_id"] == customer
        ]
        if not known:
            return {}
        best = max(known, key=lambda row: (row["observed_on"], SOURCES.index(row["source"])))
        return {
            "external_assets": best["amount"],
            "external_observed_on": best["observed_on"],
            "external_source": best["source"],
        }


def _beginning() -> Trail:
    """The trail of somebody of whom nothing is known yet."""
    measures = [measure for _, names in ACTIVITY.values() for measure in names]
    totals = [*FLOWS, *measures, "turnover", "fees", "insurance_premium"]
    totals += ["asset_balance_days", "deposit_balance_days"]
    days = [*DAYS, "external_assets", "external_observed_on", "external_source"]
    return {
        **dict.fromkeys((f"total_{name}" for name in totals), NOUGHT),
        **dict.fromkeys(days, None),
        "months_known": 0,
        "days_known": 0,
    }
