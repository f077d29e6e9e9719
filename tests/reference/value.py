"""Contribution by adding up one item, balance and use after the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.reference.balances import NOUGHT, to_cents
from tests.reference.days import ONE_DAY, Period, add_months
from tests.reference.deliveries import Row
from tests.reference.marts import Table
from tests.reference.months import owner

if TYPE_CHECKING:
    from tests.reference.bank import ReferenceBank

CLASSES = ("demand", "time_deposit", "wealth", "fund", "insurance", "bond", "loan", "card")
OWED = ("loan", "card")
SPREADS = tuple(f"spread_{name}" for name in CLASSES)
REWARDS = ("points", "referral")
INCOME = ("spread_deposit", *SPREADS, "fee", "card", "agency", "intermediary")
COST = ("service", "acquisition", "maintenance", "expected_loss")
COMPONENTS = (*INCOME, *COST, *REWARDS)
HORIZONS = ("short", "middle", "long")
FAMILIES = ("asset_tier", "stage", "star_grade", "value_loyalty", "value_cell")


@dataclass(frozen=True)
class Terms:
    """The policy of a month."""

    numbers: dict[str, Decimal]
    choices: dict[str, str]
    version: str

    @classmethod
    def of(cls, bank: ReferenceBank, day: date) -> Terms:
        """The rows in force on a day."""
        prefix = "contribution_"
        parameters = [
            row for row in bank.policies.on("parameter", day) if row["parameter"].startswith(prefix)
        ]
        switches = [
            row for row in bank.policies.on("switch", day) if row["switch"].startswith(prefix)
        ]
        rows = [*parameters, *switches, *bank.policies.on("unit_cost", day)]
        return cls(
            {row["parameter"].removeprefix(prefix): row["value"] for row in parameters},
            {row["switch"].removeprefix(prefix): row["choice"] for row in switches},
            f"contribution@{max(row['valid_from'] for row in rows)}",
        )


def contributions(bank: ReferenceBank) -> Table:
    """(customer, month): what contribution_month says."""
    found: Table = {}
    totals: dict[str, list[Decimal]] = defaultdict(lambda: [NOUGHT, NOUGHT, NOUGHT])
    for period in bank.periods:
        terms = Terms.of(bank, period.judged_on)
        lines = _components(bank, period, terms)
        branches = bank.deliveries.versions(
            "customers", "customer_id", period.judged_on, period.judged_on
        )
        for (customer, month), trail in bank.trails.items():
            if month == period.month:
                row = _row(lines[customer], terms, branches.get(customer))
                so_far = totals[customer]
                so_far[0] += row["income"]
                so_far[1] += row["cost"]
                so_far[2] += row["fixed_cost"]
                found[customer, month] = row | {
                    "judged_on": period.judged_on,
                    "is_closed": period.is_closed,
                    "months_known": trail["months_known"],
                    "total_income": so_far[0],
                    "total_cost": so_far[1],
                    "total_fixed_cost": so_far[2],
                }
    return found


def _row(line: dict[str, Decimal], terms: Terms, version: Row | None) -> dict[str, Any]:
    income = sum((line[name] for name in INCOME), NOUGHT)
    cost = sum((line[name] for name in COST), NOUGHT)
    rewards = sum((line[name] for name in REWARDS), NOUGHT)
    spent: tuple[str, ...] = COST
    if terms.choices["rewards"] == "seed_literal":
        income += rewards
    else:
        cost += rewards
        spent = (*COST, *REWARDS)
    fixed = [line[name] for name in spent if terms.choices[f"{name}_cost"] == "fixed"]
    return {
        **{name: line[name] for name in COMPONENTS},
        "branch_id": (version["branch_id"] if version else None) or "unknown",
        "income": income,
        "cost": cost,
        "fixed_cost": sum(fixed, NOUGHT),
        "contribution": income - cost,
        **{f"{name}_choice": choice for name, choice in terms.choices.items()},
        **{f"{name}_months": int(terms.numbers[f"{name}_months"]) for name in HORIZONS},
        "policy_version": terms.version,
    }


def _components(bank: ReferenceBank, period: Period, terms: Terms) -> dict[str, dict[str, Decimal]]:
    lines: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(COMPONENTS, NOUGHT))
    eve = period.month - ONE_DAY
    by_balances = terms.choices["spread"] == "balances"
    by_uses = terms.choices["service"] == "activity"
    for table in ("income_items", "cost_items"):
        for row, sign in bank.deliveries.learned(table, eve, period.judged_on):
            name = row["component"]
            left_out = (by_balances and name.startswith("spread_")) or (
                by_uses and name == "service"
            )
            if not left_out:
                lines[row["customer_id"]][name] += sign * row["amount"]
    _add_balances(bank, period, terms, lines)
    if by_uses:
        for customer, cost in _uses(bank, period).items():
            lines[customer]["service"] = to_cents(cost)
    return lines


def _add_balances(
    bank: ReferenceBank, period: Period, terms: Terms, lines: dict[str, dict[str, Decimal]]
) -> None:
    known, year = period.judged_on, terms.numbers["year_days"]
    accounts = bank.deliveries.versions("accounts", "account_id", known, known)
    products = bank.deliveries.versions("products", "product_id", known, known)
    spread: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOUGHT)
    owed: dict[str, Decimal] = defaultdict(lambda: NOUGHT)
    for account in bank.balances.known(known):
        version = accounts.get(account)
        product = products.get(version["product_id"]) if version else None
        if version is None or product is None or product["product_class"] not in CLASSES:
            continue
        days = sum(bank.balances.daily(account, period.month, known, known), NOUGHT)
        if product["product_class"] in OWED:
            days = abs(days)
            owed[version["customer_id"]] += days
        spread[version["customer_id"], product["product_class"]] += days * product["ftp_spread"]
    for (customer, name), amount in spread.items():
        if terms.choices["spread"] == "balances":
            lines[customer][f"spread_{name}"] = to_cents(amount / year)
    for customer, days in owed.items():
        if terms.choices["expected_loss"] == "on":
            lines[customer]["expected_loss"] = to_cents(days * terms.numbers["loss_rate"] / year)


def _uses(bank: ReferenceBank, period: Period) -> dict[str, Decimal]:
    known = period.judged_on
    unit_costs = {
        (row["kind"], row["channel"]): row["unit_cost"]
        for row in bank.policies.on("unit_cost", known)
    }
    accounts = bank.deliveries.versions("accounts", "account_id", known, known)
    costs: dict[str, Decimal] = defaultdict(lambda: NOUGHT)
    eve = period.month - ONE_DAY
    for row, sign in bank.deliveries.learned("transactions", eve, known):
        costs[owner(accounts, row)] += sign * unit_costs.get((row["kind"], row["channel"]), NOUGHT)
    for row, sign in bank.deliveries.learned("channel_logins", eve, known):
        unit = unit_costs.get(("login", row["channel"]), NOUGHT)
        costs[row["customer_id"]] += sign * row["logins"] * unit
    return costs


def _class_of(name: str) -> str:
    if name in SPREADS:
        return name.removeprefix("spread_")
    return name if name == "agency" else "none"


def components(bank: ReferenceBank) -> Table:
    """(customer, month, component): the lines of the statements."""
    found: Table = {}
    for (customer, month), row in bank.contributions.items():
        for name in COMPONENTS:
            if row[name]:
                is_income = name in INCOME or (
                    name in REWARDS and row["rewards_choice"] == "seed_literal"
                )
                found[customer, month, name] = {
                    "side": "income" if is_income else "cost",
                    "product_class": _class_of(name),
                    "amount": row[name],
                    "contribution": row[name] if is_income else -row[name],
                    **{
                        column: row[column]
                        for column in ("judged_on", "is_closed", "branch_id", "policy_version")
                    },
                }
    return found


def totals(bank: ReferenceBank) -> Table:
    """(month, dimension, member, component, side): lines added up."""
    found: dict[Any, dict[str, Any]] = {}
    for (_, month, name), line in components(bank).items():
        for dimension, member in (
            ("bank", "all"),
            ("branch", line["branch_id"]),
            ("product_class", line["product_class"]),
        ):
            cell = found.setdefault(
                (month, dimension, member, name, line["side"]),
                {
                    "judged_on": line["judged_on"],
                    "is_closed": line["is_closed"],
                    "customers": 0,
                    "amount": NOUGHT,
                    "contribution": NOUGHT,
                },
            )
            cell["customers"] += 1
            cell["amount"] += line["amount"]
            cell["contribution"] += line["contribution"]
    return found


def history(bank: ReferenceBank) -> Table:
    """(customer, month, horizon): income less cost of the months up to one."""
    found: Table = {}
    for (customer, month), row in bank.contributions.items():
        for horizon in HORIZONS:
            months = row[f"{horizon}_months"]
            counted = [
                bank.contributions[customer, add_months(month, -back)]
                for back in range(min(months, row["months_known"]))
            ]
            income = sum((one["income"] for one in counted), NOUGHT)
            cost = sum((one["cost"] for one in counted), NOUGHT)
            found[customer, month, horizon] = {
                "horizon_months": months,
                "months_counted": len(counted),
                "income": income,
                "cost": cost,
                "fixed_cost": sum((one["fixed_cost"] for one in counted), NOUGHT),
                "clv": income - cost,
                **{column: row[column] for column in ("judged_on", "is_closed", "policy_version")},
            }
    return found


def by_verdict(bank: ReferenceBank) -> Table:
    """(month, family, verdict, horizon): what customers of a verdict were worth."""
    found: dict[Any, dict[str, Any]] = {}
    for (customer, month, horizon), row in history(bank).items():
        verdicts = bank.customers.get((customer, month))
        for family in FAMILIES if verdicts else ():
            cell = found.setdefault(
                (month, family, verdicts[family], horizon, row["horizon_months"]),
                {
                    "judged_on": row["judged_on"],
                    "is_closed": row["is_closed"],
                    "customers": 0,
                    **dict.fromkeys(("income", "cost", "clv"), NOUGHT),
                },
            )
            cell["customers"] += 1
            for name in ("income", "cost", "clv"):
                cell[name] += row[name]
    return found
