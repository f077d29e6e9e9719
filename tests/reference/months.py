"""The monthly fact of a customer, by adding up one row after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from tests.reference.balances import NOUGHT, Balances
from tests.reference.days import ONE_DAY, Period
from tests.reference.deliveries import Deliveries, Row, is_open

CLASSES = (
    "demand", "time_deposit", "wealth", "fund", "insurance", "bond", "loan", "card", "unknown",
)  # fmt: skip
KINDS = (
    "payment", "transfer", "cash", "bill", "interest", "fee", "salary", "pension", "repayment",
    "insurance", "investment", "other",
)  # fmt: skip
CHANNELS = (
    "counter", "atm", "pos", "net", "mobile", "phone", "tv", "wechat", "direct_link", "system",
)  # fmt: skip
NOBODY = "(nobody)"
_ACTIVITY = {
    "income_items": ("booked_on", "income"),
    "cost_items": ("booked_on", "cost"),
    "channel_logins": ("login_on", "logins"),
    "interactions": ("happened_on", "complaints"),
}

Fact = dict[str, Any]


class CustomerMonths:
    """Facts of customers' months, each as known on a day."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._balances = Balances(deliveries)

    def facts(self, period: Period, known_on: date | None = None) -> dict[str, Fact]:
        """Per customer the month's fact; without `known_on` as known on the day judged."""
        known = known_on or period.judged_on
        facts: dict[str, Fact] = defaultdict(blank)
        for customer, version in self._versions("customers", "customer_id", period, known).items():
            facts[customer] |= {
                "customer_type": version["customer_type"],
                "in_population": is_open(version, period.judged_on),
            }
        accounts = self._versions("accounts", "account_id", period, known)
        products = self._versions("products", "product_id", period, known)
        self._add_balances(facts, period, known, accounts, products)
        self._add_transactions(facts, period, known, accounts)
        self._add_activity(facts, period, known)
        if known == period.judged_on:
            self._add_late(facts, period, accounts)
        _add_holdings(facts, period, accounts, products)
        for fact in facts.values():
            fact |= {
                "judged_on": period.judged_on,
                "days_judged": len(period.days),
                "is_closed": period.is_closed,
            }
        return dict(facts)

    def _versions(self, table: str, key: str, period: Period, known: date) -> dict[str, Row]:
        return self._deliveries.versions(table, key, period.judged_on, known)

    def _add_balances(
        self,
        facts: dict[str, Fact],
        period: Period,
        known: date,
        accounts: dict[str, Row],
        products: dict[str, Row],
    ) -> None:
        for account in self._balances.known(known):
            every = self._balances.daily(account, period.month, period.judged_on, known)
            closing, balance_days = every[-1], sum(every, NOUGHT)
            version = accounts.get(account)
            product = products.get(version["product_id"]) if version else None
            fact = facts[version["customer_id"] if version else NOBODY]
            name = product["product_class"] if product else "unknown"
            weight = product["asset_weight"] if product else NOUGHT
            fact[f"{name}_closing"] += closing
            fact[f"{name}_balance_days"] += balance_days
            fact["weighted_closing"] += closing * weight
            fact["weighted_balance_days"] += balance_days * weight

    def _add_transactions(
        self, facts: dict[str, Fact], period: Period, known: date, accounts: dict[str, Row]
    ) -> None:
        for row in self._deliveries.known("transactions", known):
            if not period.month <= row["booked_on"] <= period.judged_on:
                continue
            version = accounts.get(row["account_id"])
            fact = facts[version["customer_id"] if version else NOBODY]
            fact["transactions"] += 1
            fact["inflow"] += max(row["amount"], NOUGHT)
            fact["outflow"] += max(-row["amount"], NOUGHT)
            fact[f"{row['kind']}_transactions"] += 1
            fact[f"{row['kind']}_amount"] += row["amount"]
            fact[f"{row['channel']}_transactions"] += 1
            fact["third_party_transactions"] += row["rail"] == "third_party"

    def _add_activity(self, facts: dict[str, Fact], period: Period, known: date) -> None:
        for table, (happened, measure) in _ACTIVITY.items():
            for row in self._deliveries.known(table, known):
                if period.month <= row[happened] <= period.judged_on:
                    facts[row["customer_id"]][measure] += _worth(measure, row)

    def _add_late(self, facts: dict[str, Fact], period: Period, accounts: dict[str, Row]) -> None:
        """What the month learned of the months before it: rows that came, less rows that went."""
        for row, sign in self._learned("transactions", "booked_on", period):
            version = accounts.get(row["account_id"])
            fact = facts[version["customer_id"] if version else NOBODY]
            fact["late_transactions"] += sign
            fact["late_amount"] += sign * row["amount"]
        for table, (happened, measure) in _ACTIVITY.items():
            for row, sign in self._learned(table, happened, period):
                facts[row["customer_id"]][f"late_{measure}"] += sign * _worth(measure, row)

    def _learned(self, table: str, happened: str, period: Period) -> Iterator[tuple[Row, int]]:
        then = self._deliveries.known(table, period.month - ONE_DAY)
        now = self._deliveries.known(table, period.judged_on)
        for rows, others, sign in ((now, then, 1), (then, now, -1)):
            in_both = {id(row) for row in others}
            for row in rows:
                if row[happened] < period.month and id(row) not in in_both:
                    yield row, sign


def _worth(measure: str, row: Row) -> Decimal | int:
    if measure == "complaints":
        return int(row["kind"] == "complaint")
    if measure == "logins":
        return int(row["logins"])
    amount: Decimal = row["amount"]
    return amount


def _add_holdings(
    facts: dict[str, Fact], period: Period, accounts: dict[str, Row], products: dict[str, Row]
) -> None:
    held: dict[str, list[Row]] = defaultdict(list)
    for version in accounts.values():
        if is_open(version, period.judged_on):
            held[version["customer_id"]].append(version)
    for customer, versions in held.items():
        codes = {version["product_id"] for version in versions}
        classes = {
            products[code]["product_class"] if code in products else "unknown" for code in codes
        }
        facts[customer] |= {
            "products_held": len(codes),
            "classes_held": len(classes),
            "accounts_open": len(versions),
        }


def blank() -> Fact:
    """The fact of somebody of whom nothing is known."""
    amounts = ["inflow", "outflow", "income", "cost", *(f"{kind}_amount" for kind in KINDS)]
    for name in (*CLASSES, "weighted"):
        amounts += [f"{name}_closing", f"{name}_balance_days"]
    amounts += ["late_amount", "late_income", "late_cost"]
    counts = ["transactions", "logins", "complaints"]
    counts += [f"late_{name}" for name in counts]
    counts += [f"{name}_transactions" for name in (*KINDS, *CHANNELS, "third_party")]
    counts += ["products_held", "classes_held", "accounts_open"]
    return {
        "customer_type": None,
        "in_population": False,
        **dict.fromkeys(amounts, NOUGHT),
        **dict.fromkeys(counts, 0),
    }
