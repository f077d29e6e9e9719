"""The monthly fact of a customer, by adding up one row after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from tests.reference.balances import NOUGHT, Balances
from tests.reference.days import ONE_DAY, Period
from tests.reference.deliveries import NOBODY, Deliveries, Row, is_open
from tests.reference.loans import loan_months

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
# What is added up of a table, and the day it happened.
ACTIVITY = {
    "income_items": ("booked_on", ("income",)),
    "cost_items": ("booked_on", ("cost",)),
    "channel_logins": ("login_on", ("logins",)),
    "interactions": ("happened_on", ("complaints", "surveys", "survey_score")),
    "leads": ("created_on", ("leads", "unmet_interests")),
}
FLOWS = (
    "inflow", "outflow", "other_bank_inflow", "other_bank_outflow", "transfer_turnover",
    "own_transactions", "income_transactions",
)  # fmt: skip
KINDS_LEARNED_LATE = ("fee", "transfer", "insurance")

Fact = dict[str, Any]
Classes = dict[str, set[str]]


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
                "relationship_opened_on": version["opened_on"],
                "relationship_closed_on": version["closed_on"],
                "risk_appetite": version["risk_appetite"],
                "age_years": age(version["birth_date"], period.judged_on),
                "region": version["region"],
                "area": version["area"],
                "household_income": version["household_income"],
                "industry": version["industry"],
                "in_population": is_open(version, period.judged_on),
            }
        accounts = self.accounts(period, known)
        products = self.products(period, known)
        self._add_balances(facts, period, known, accounts, products)
        self._add_transactions(facts, period, known, accounts)
        held = open_classes(period, accounts, products)
        self._add_activity(facts, period, known, held)
        if known == period.judged_on:
            self._add_late(facts, period, accounts, held)
            self._add_days(facts, period, accounts)
            for row in self._deliveries.touched("external_assets", period.month, known):
                _ = facts[row["customer_id"]]  # A row, though nothing of it stands there.
        _add_holdings(facts, period, accounts, products)
        self._add_loans(facts, period, known)
        for fact in facts.values():
            fact |= {
                "judged_on": period.judged_on,
                "days_judged": len(period.days),
                "is_closed": period.is_closed,
            }
        return dict(facts)

    def accounts(self, period: Period, known_on: date | None = None) -> dict[str, Row]:
        """Versions of accounts in force on the day judged."""
        return self._versions("accounts", "account_id", period, known_on or period.judged_on)

    def products(self, period: Period, known_on: date | None = None) -> dict[str, Row]:
        """Versions of products in force on the day judged."""
        return self._versions("products", "product_id", period, known_on or period.judged_on)

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
            fact = facts[owner(accounts, {"account_id": account})]
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
            fact = facts[owner(accounts, row)]
            fact["transactions"] += 1
            for flow in FLOWS:
                fact[flow] += booked(flow, row)
            fact[f"{row['kind']}_transactions"] += 1
            fact[f"{row['kind']}_amount"] += row["amount"]
            fact[f"{row['channel']}_transactions"] += 1
            fact["third_party_transactions"] += row["rail"] == "third_party"

    def _add_activity(
        self, facts: dict[str, Fact], period: Period, known: date, held: Classes
    ) -> None:
        for table, (happened, measures) in ACTIVITY.items():
            for row in self._deliveries.known(table, known):
                if row["customer_id"] and period.month <= row[happened] <= period.judged_on:
                    for measure in measures:
                        facts[row["customer_id"]][measure] += worth(measure, row, held)

    def _add_late(
        self, facts: dict[str, Fact], period: Period, accounts: dict[str, Row], held: Classes
    ) -> None:
        """What the month learned of the months before it: rows that came, less rows that went."""
        for row, sign in self._late("transactions", "booked_on", period):
            fact = facts[owner(accounts, row)]
            fact["late_transactions"] += sign
            fact["late_amount"] += sign * row["amount"]
            for flow in FLOWS:
                fact[f"late_{flow}"] += sign * booked(flow, row)
            if row["kind"] in KINDS_LEARNED_LATE:
                fact[f"late_{row['kind']}_amount"] += sign * row["amount"]
        for table, (happened, measures) in ACTIVITY.items():
            for row, sign in self._late(table, happened, period):
                if row["customer_id"]:
                    for measure in measures:
                        value = sign * worth(measure, row, held)
                        facts[row["customer_id"]][f"late_{measure}"] += value

    def _late(self, table: str, happened: str, period: Period) -> Iterator[tuple[Row, int]]:
        eve = period.month - ONE_DAY
        for row, sign in self._deliveries.learned(table, eve, period.judged_on):
            if row[happened] < period.month:
                yield row, sign

    def _add_days(self, facts: dict[str, Fact], period: Period, accounts: dict[str, Row]) -> None:
        """Days of which more was learned than taken back."""
        booked_on: dict[str, Counter[date]] = defaultdict(Counter)
        created_on: dict[str, Counter[date]] = defaultdict(Counter)
        eve = period.month - ONE_DAY
        for row, sign in self._deliveries.learned("transactions", eve, period.judged_on):
            if row["channel"] != "system":
                booked_on[owner(accounts, row)][row["booked_on"]] += sign
        for row, sign in self._deliveries.learned("leads", eve, period.judged_on):
            if row["customer_id"]:
                created_on[row["customer_id"]][row["created_on"]] += sign
        for customer, days in booked_on.items():
            facts[customer]["last_own_transaction_on"] = max(+days, default=None)
        for customer, days in created_on.items():
            facts[customer]["first_lead_on"] = min(+days, default=None)

    def _add_loans(self, facts: dict[str, Fact], period: Period, known: date) -> None:
        for loan in loan_months(self._deliveries, period, known).values():
            if loan.is_owed:
                fact = facts[loan.customer_key]
                fact["loan_outstanding"] += loan.outstanding
                fact["loans_owed"] += 1
                fact["days_past_due"] = max(fact["days_past_due"], loan.days_past_due)
                fact["loans_in_default"] += loan.in_default


def age(birth_date: date | None, day: date) -> int | None:
    """How many birthdays there have been; that of 29 February is 1 March in other years."""
    if birth_date is None or birth_date > day:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def owner(accounts: dict[str, Row], row: Row) -> str:
    """Who owns the account that a row speaks of."""
    version = accounts.get(row["account_id"])
    return version["customer_id"] if version else NOBODY


def booked(flow: str, row: Row) -> Decimal | int:
    """What a transaction counts for in a flow."""
    amount: Decimal = row["amount"]
    is_elsewhere = row["counterparty_bank"] is not None
    return {
        "inflow": max(amount, NOUGHT),
        "outflow": max(-amount, NOUGHT),
        "other_bank_inflow": max(amount, NOUGHT) if is_elsewhere else NOUGHT,
        "other_bank_outflow": max(-amount, NOUGHT) if is_elsewhere else NOUGHT,
        "transfer_turnover": abs(amount) if row["kind"] == "transfer" else NOUGHT,
        "own_transactions": int(row["channel"] != "system"),
        "income_transactions": int(row["kind"] in ("salary", "pension")),
    }[flow]


def worth(measure: str, row: Row, held: Classes) -> Decimal | int:
    """What an event counts for in a measure."""
    if measure == "leads":
        return 1
    if measure == "unmet_interests":
        interest = row["interest"]
        return int(interest is not None and interest not in held.get(row["customer_id"], ()))
    if measure == "complaints":
        return int(row["kind"] == "complaint")
    if measure in ("surveys", "survey_score"):
        if row["kind"] != "survey" or row["score"] is None:
            return 0
        return 1 if measure == "surveys" else int(row["score"])
    if measure == "logins":
        return int(row["logins"])
    amount: Decimal = row["amount"]
    return amount


def open_classes(period: Period, accounts: dict[str, Row], products: dict[str, Row]) -> Classes:
    """Per customer the classes of products with an account that is open on the day judged."""
    held: Classes = defaultdict(set)
    for version in accounts.values():
        if is_open(version, period.judged_on):
            product = products.get(version["product_id"])
            held[version["customer_id"]].add(product["product_class"] if product else "unknown")
    return held


def _add_holdings(
    facts: dict[str, Fact], period: Period, accounts: dict[str, Row], products: dict[str, Row]
) -> None:
    held: dict[str, list[Row]] = defaultdict(list)
    for version in accounts.values():
        held[version["customer_id"]].append(version)
    classes = open_classes(period, accounts, products)
    for customer, versions in held.items():
        opened = [row["opened_on"] for row in versions if row["opened_on"] <= period.judged_on]
        still_open = [row for row in versions if is_open(row, period.judged_on)]
        ends = [row["closed_on"] for row in still_open if row["closed_on"] is not None]
        facts[customer] |= {
            "products_held": len({row["product_id"] for row in still_open}),
            "classes_held": len(classes.get(customer, ())),
            "accounts_open": len(still_open),
            "accounts_ever": len(opened),
            "first_account_on": min(opened, default=None),
            "accounts_ending": len(ends),
            "insurance_accounts_open": sum(
                row["product_id"] in products
                and products[row["product_id"]]["product_class"] == "insurance"
                for row in still_open
            ),
            "accounts_end_on": max(ends, default=None),
        }


def blank() -> Fact:
    """The fact of somebody of whom nothing is known."""
    amounts = [flow for flow in FLOWS if not flow.endswith("transactions")]
    amounts += ["income", "cost"]
    amounts += [f"late_{name}" for name in amounts]
    amounts += [f"{kind}_amount" for kind in KINDS]
    amounts += [f"late_{kind}_amount" for kind in KINDS_LEARNED_LATE]
    for name in (*CLASSES, "weighted"):
        amounts += [f"{name}_closing", f"{name}_balance_days"]
    amounts += ["late_amount", "loan_outstanding"]
    counts = ["transactions", "own_transactions", "income_transactions", "logins"]
    counts += ["complaints", "surveys", "survey_score", "leads", "unmet_interests"]
    counts += [f"late_{name}" for name in counts]
    counts += [f"{name}_transactions" for name in (*KINDS, *CHANNELS, "third_party")]
    counts += ["products_held", "classes_held", "accounts_open", "accounts_ever"]
    counts += ["accounts_ending", "insurance_accounts_open", "loans_owed", "days_past_due"]
    counts += ["loans_in_default"]
    days = ["relationship_opened_on", "relationship_closed_on", "last_own_transaction_on"]
    days += ["first_account_on", "accounts_end_on", "first_lead_on"]
    return {
        "customer_type": None,
        "risk_appetite": None,
        **dict.fromkeys(("age_years", "region", "area", "household_income", "industry")),
        "in_population": False,
        **dict.fromkeys(days, None),
        **dict.fromkeys(amounts, NOUGHT),
        **dict.fromkeys(counts, 0),
    }
