"""How few bring how much, by looking at every two customers; and what tiers cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from tests.reference.balances import NOUGHT, to_cents
from tests.reference.marts import Table
from tests.reference.segments import abc_class, abc_share, ratio
from tests.reference.value import Terms, history, totals

if TYPE_CHECKING:
    from tests.reference.bank import ReferenceBank

FINE = Decimal("0.000000000001")


def share_of_total(part: Decimal, total: Decimal) -> Decimal | None:
    """Six decimals; nothing where there is no total to have a share in."""
    return ratio(part, total) if total > 0 else None


def whale(amounts: Sequence[Decimal]) -> dict[int, dict[str, Any]]:
    """Step -> the fewest best customers, ties together, who fill a whole percent more."""
    everybody, total = len(amounts), sum(amounts, NOUGHT)
    found: dict[int, dict[str, Any]] = {}
    last = 0
    for amount in sorted(set(amounts), reverse=True):
        counted = [other for other in amounts if other >= amount]
        step = 100 * len(counted) // everybody
        if step == last:
            continue
        last = step
        brought = sum(counted, NOUGHT)
        found[step] = {
            "customers": len(counted),
            "customer_share": ratio(len(counted), everybody),
            "least_contribution": amount,
            "contribution": brought,
            "total_contribution": total,
            "contribution_share": share_of_total(brought, total),
        }
    return found


def best(amounts: Sequence[Decimal], share: Decimal) -> list[Decimal]:
    """The fewest best customers who gain, ties together, who make up a share of all."""
    found: list[Decimal] = []
    for amount in sorted(set(amounts), reverse=True):
        if amount <= 0 or len(found) >= share * len(amounts):
            break
        found = [other for other in amounts if other >= amount]
    return found


def bulk(amounts: Sequence[Decimal], share: Decimal) -> int | None:
    """How few customers, ties together, bring a share of the total."""
    total = sum(amounts, NOUGHT)
    if total <= 0:
        return None
    for amount in sorted(set(amounts), reverse=True):
        counted = [other for other in amounts if other >= amount]
        if sum(counted, NOUGHT) >= share * total:
            return len(counted)
    raise AssertionError


def gini(amounts: Sequence[Decimal]) -> Decimal | None:
    """Differences of every two, by customers times all amounts without their sign."""
    differences = sum((abs(one - other) for one in amounts for other in amounts), NOUGHT)
    return ratio(differences, 2 * len(amounts) * sum((abs(one) for one in amounts), NOUGHT))


def herfindahl(amounts: Sequence[Decimal]) -> Decimal | None:
    """Squares of everybody's share of what is gained."""
    gains = [amount for amount in amounts if amount > 0]
    gained = sum(gains, NOUGHT)
    if not gained:
        return None
    shares = [(gain / gained).quantize(FINE, ROUND_HALF_UP) for gain in gains]
    squares = sum((share * share for share in shares), NOUGHT)
    return squares.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def concentration(
    amounts: Sequence[Decimal], best_bound: Decimal, bulk_bound: Decimal
) -> dict[str, Any]:
    """What contribution_concentration says of some customers."""
    total = sum(amounts, NOUGHT)
    losses = [amount for amount in amounts if amount < 0]
    top = best(amounts, best_bound)
    few = bulk(amounts, bulk_bound)
    return {
        "customers": len(amounts),
        "contribution": total,
        "gained": sum((amount for amount in amounts if amount > 0), NOUGHT),
        "lost": -sum(losses, NOUGHT),
        "losing_customers": len(losses),
        "losing_share": ratio(len(losses), len(amounts)),
        "best_bound": best_bound,
        "best_customers": len(top),
        "best_contribution": sum(top, NOUGHT),
        "best_share": share_of_total(sum(top, NOUGHT), total),
        "bulk_bound": bulk_bound,
        "bulk_customers": few,
        "bulk_share": None if few is None else ratio(few, len(amounts)),
        "gini": gini(amounts),
        "herfindahl": herfindahl(amounts),
    }


def _horizons(bank: ReferenceBank) -> Table:
    """(customer, month, horizon): the month itself beside the horizons of lifetime value."""
    found: Table = {key: row | {"contribution": row["clv"]} for key, row in history(bank).items()}
    for (customer, month), row in bank.contributions.items():
        found[customer, month, "month"] = row | {"horizon_months": 1}
    return found


def _peers(bank: ReferenceBank) -> dict[tuple[date, str], list[dict[str, Any]]]:
    found: dict[tuple[date, str], list[dict[str, Any]]] = defaultdict(list)
    for (_, month, horizon), row in _horizons(bank).items():
        found[month, horizon].append(row)
    return found


def _calendar(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: rows[0][name] for name in ("horizon_months", "judged_on", "is_closed")}


def whales(bank: ReferenceBank) -> Table:
    """(month, horizon, step): the curve."""
    return {
        (month, horizon, step): point | _calendar(rows)
        for (month, horizon), rows in _peers(bank).items()
        for step, point in whale([row["contribution"] for row in rows]).items()
    }


def concentrations(bank: ReferenceBank) -> Table:
    """(month, horizon): how concentrated contribution is."""
    found: Table = {}
    for (month, horizon), rows in _peers(bank).items():
        terms = Terms.of(bank, rows[0]["judged_on"])
        amounts = [row["contribution"] for row in rows]
        found[month, horizon] = {
            **concentration(amounts, terms.numbers["best_share"], terms.numbers["bulk_share"]),
            **_calendar(rows),
            "policy_version": terms.version,
        }
    return found


def pareto(bank: ReferenceBank) -> Table:
    """(month, dimension, member): members by what they bring."""
    peers: dict[tuple[date, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for (month, dimension, member, _, side), cell in totals(bank).items():
        if dimension == "bank":
            continue
        one = peers[month, dimension].setdefault(
            member,
            {
                "judged_on": cell["judged_on"],
                "is_closed": cell["is_closed"],
                **dict.fromkeys(("income", "cost", "contribution"), NOUGHT),
            },
        )
        one[side] += cell["contribution"] if side == "income" else -cell["contribution"]
        one["contribution"] += cell["contribution"]
    found: Table = {}
    for (month, dimension), members in peers.items():
        amounts = [one["contribution"] for one in members.values()]
        total = sum(amounts, NOUGHT)
        for member, one in members.items():
            bounds = {
                row["parameter"]: row["value"]
                for row in bank.policies.on("parameter", one["judged_on"])
            }
            a, b = bounds["segment_abc_a"], bounds["segment_abc_b"]
            amount = one["contribution"]
            above = abc_share(amount, amounts, "cumulative")
            so_far = sum((other for other in amounts if other >= amount), NOUGHT)
            found[month, dimension, member] = one | {
                "place": 1 + sum(other > amount for other in amounts),
                "share": share_of_total(amount, total),
                "cumulative_contribution": so_far,
                "cumulative_share": share_of_total(so_far, total),
                "gained_above_share": above,
                "abc_bound_a": a,
                "abc_bound_b": b,
                "abc": abc_class(amount, above, a, b, "cumulative"),
            }
    return found


def tier_returns(bank: ReferenceBank) -> Table:
    """(scheme, month, tier, horizon): what holders of a tier brought and cost."""
    horizons = _horizons(bank)
    calendars = {key: _calendar(rows) for key, rows in _peers(bank).items()}
    holders: dict[tuple[str, date, str], list[str]] = defaultdict(list)
    for (scheme, customer, month), verdict in bank.verdicts.items():
        holders[scheme, month, verdict["tier"]].append(customer)
    found: Table = {}
    for scheme, month in {(scheme, month) for scheme, month, _ in holders}:
        for horizon in ("month", "short", "middle", "long"):
            calendar = calendars[month, horizon]
            terms = Terms.of(bank, calendar["judged_on"])
            bound = terms.numbers["tier_cost_share"]
            for tier in bank.policies.tiers(scheme, calendar["judged_on"]):
                held = holders.get((scheme, month, tier["tier_code"]), [])
                rows = [horizons[customer, month, horizon] for customer in held]
                income = sum((row["income"] for row in rows), NOUGHT)
                cost = sum((row["cost"] for row in rows), NOUGHT)
                fixed = sum((row["fixed_cost"] for row in rows), NOUGHT)
                found[scheme, month, tier["tier_code"], horizon] = {
                    **calendar,
                    "tier_rank": tier["tier_rank"],
                    "tier_name": tier["tier_name"],
                    "lower_bound": tier["lower_bound"],
                    "customers": len(held),
                    "income": income,
                    "cost": cost,
                    "variable_cost": cost - fixed,
                    "fixed_cost": fixed,
                    "left_for_fixed_cost": income - cost + fixed,
                    "contribution": income - cost,
                    "cost_income_ratio": share_of_total(cost, income),
                    "return_per_customer": to_cents((income - cost) / len(held)) if held else None,
                    "cost_bound": bound,
                    "pays_off": cost <= bound * income if income or cost else None,
                    "policy_version": terms.version,
                }
    return found
