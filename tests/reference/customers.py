"""Every verdict on a customer side by side, who moved between them, and how they cross."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.reference.balances import NOUGHT
from tests.reference.days import add_months
from tests.reference.lifecycle import either_end
from tests.reference.marts import Table
from tests.reference.months import blank

if TYPE_CHECKING:
    from tests.reference.bank import ReferenceBank

SLOTS = ("deposit", "asset", "mass")
ASSETS = ("demand", "time_deposit", "wealth", "fund", "insurance", "bond")
SEGMENTS = (
    "behaviour", "value_loyalty", "preference", "abc", "satisfaction", "age_band", "novelty",
    "customer_type", "region", "area", "income_band", "strategic_group",
)  # fmt: skip
STAGES = (
    "judged_on", "is_closed", "stage", "sub_state", "relationship_stage", "is_reactivated",
    "decline_cause", "decline_strategy",
)  # fmt: skip
FAMILIES = ("stage", "decline_cause", "star_grade", "value_cell", "rating", *SEGMENTS)
CROSSED = ("asset_tier", "stage", "star_grade", "value_loyalty", "value_cell")


def customer_months(bank: ReferenceBank) -> Table:
    """(customer, month): what customer_month says."""
    found: Table = {}
    for (customer, month), life in bank.lifecycle.items():
        star, segment = bank.stars[customer, month], bank.segments[customer, month]
        cell = bank.value_cells[customer, month]
        rating = bank.ratings[0].get((customer, month), {"rating": "not_a_company"})
        fact = bank.facts[month].get(customer, blank())
        found[customer, month] = {
            **{name: life[name] for name in STAGES},
            **_tiers(bank, customer, month, life["judged_on"]),
            "star_grade": star["grade"],
            "star_points": star["points"],
            "star_coverage": star["coverage"],
            "suitable_up_to": star["suitable_up_to"],
            "value_cell": cell["cell"],
            "value_current": cell["current_score"],
            "value_potential": cell["potential_score"],
            "rating": rating["rating"],
            **{scheme: segment[scheme] for scheme in SEGMENTS},
            "assets": sum((fact[f"{name}_closing"] for name in ASSETS), NOUGHT),
            "debts": fact["loan_closing"] + fact["card_closing"],
            "income": fact["income"] + fact["late_income"],
            "cost": fact["cost"] + fact["late_cost"],
        }
    return found


def _tiers(bank: ReferenceBank, customer: str, month: date, day: date) -> dict[str, Any]:
    found = {f"{slot}_tier": "not_judged" for slot in SLOTS} | {"asset_band": "not_judged"}
    for row in bank.policies.on("customer_tier", day):
        verdict = bank.verdicts.get((row["scheme_code"], customer, month))
        if verdict is None:
            continue
        found[f"{row['slot']}_tier"] = verdict["tier"]
        if row["slot"] == "asset":
            found["asset_band"] = verdict["band"]
    return found


def changes(bank: ReferenceBank) -> Table:
    """(family, customer, month): from which verdict to which other one, with what assets."""
    found: Table = {}
    verdicts = bank.customers
    first = min((month for _, month in verdicts), default=None)
    for customer, month in either_end(verdicts, bank.periods):
        before = verdicts.get((customer, add_months(month, -1)))
        after = verdicts.get((customer, month))
        for family in FAMILIES:
            old = before[family] if before else "entered"
            new = after[family] if after else "left"
            if old != new and month != first:
                found[family, customer, month] = {
                    "from_verdict": old,
                    "to_verdict": new,
                    "assets": (after or before or {})["assets"],
                }
    return found


def movement(bank: ReferenceBank) -> Table:
    """(family, month, from, to): everybody judged at either of two month ends, once."""
    found: Table = defaultdict(
        lambda: {"customers": 0, "assets_before": NOUGHT, "assets_after": NOUGHT}
    )
    verdicts = bank.customers
    for customer, month in either_end(verdicts, bank.periods):
        before = verdicts.get((customer, add_months(month, -1)))
        after = verdicts.get((customer, month))
        for family in FAMILIES:
            old = before[family] if before else "entered"
            new = after[family] if after else "left"
            cell = found[family, month, old, new]
            cell["customers"] += 1
            cell["assets_before"] += before["assets"] if before else NOUGHT
            cell["assets_after"] += after["assets"] if after else NOUGHT
    return dict(found)


def cross(bank: ReferenceBank) -> Table:
    """(month, tier, stage, star, segment, cell): who is in all of them, and what they have."""
    amounts = ("assets", "debts", "income", "cost")
    found: dict[Any, dict[str, Any]] = {}
    for (_, month), row in bank.customers.items():
        place = (month, *(row[name] for name in CROSSED))
        cell = found.setdefault(place, {"customers": 0, **dict.fromkeys(amounts, Decimal(0))})
        cell["customers"] += 1
        for name in amounts:
            cell[name] += row[name]
    return found
