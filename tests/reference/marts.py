"""Tables made of verdicts: lists, distribution, migration, changes and history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.reference.balances import NOUGHT
from tests.reference.days import Period, add_months
from tests.reference.policies import Policies

# (scheme, customer, month) -> what tier_month says.
Verdicts = Mapping[tuple[str, str, date], Mapping[str, Any]]
Table = dict[tuple[Any, ...], dict[str, Any]]


def today(verdicts: Verdicts, period: Period) -> Table:
    """Everybody's latest verdict and the tier to treat them by.

    While a month runs nothing is judged yet: what was held coming into it still is.
    """
    found: Table = {}
    for (scheme, customer, month), row in verdicts.items():
        if month == period.month:
            keeps = not period.is_closed and row["rank_before"] is not None
            found[scheme, customer] = {
                **row,
                "month": month,
                "held_tier": row["tier_before"] if keeps else row["tier"],
                "held_rank": row["rank_before"] if keeps else row["tier_rank"],
            }
    return found


def watch_lists(policies: Policies, latest: Table, period: Period) -> Table:
    """(list, scheme, customer): who is near a bound, or holds a tier only by grace."""
    found: Table = {}
    for (scheme, customer), row in latest.items():
        amount, held = row["measure_amount"], row["held_rank"]
        for rule in policies.on("tier_watch", period.judged_on, scheme_code=scheme):
            tier = policies.tier(scheme, rule["tier_rank"], period.judged_on)
            if tier is None:
                continue
            bound = tier["lower_bound"]
            within = rule["within_amount"]
            if within is None:
                within = rule["within_share"] * bound
            is_next = rule["list_code"] == "borderline" and rule["tier_rank"] == held + 1
            is_held = rule["list_code"] == "at_risk" and rule["tier_rank"] == held
            if (is_next and 0 < bound - amount <= within) or (
                is_held and 0 <= amount - bound <= within
            ):
                found[rule["list_code"], scheme, customer] = _listed(row, tier, None)
        tier = policies.tier(scheme, held, period.judged_on)
        is_below = row["measured_rank"] < held
        # At the month end that took the tier, the grace of the lower one has not begun.
        if tier and is_below and (not period.is_closed or row["months_carried"]):
            found["in_grace", scheme, customer] = _listed(row, tier, row["falls_on"])
    return found


def _listed(row: Mapping[str, Any], tier: Mapping[str, Any], act_by: date | None) -> dict[str, Any]:
    return {
        "tier": row["held_tier"],
        "reference_tier": tier["tier_code"],
        "reference_bound": tier["lower_bound"],
        "distance": abs(tier["lower_bound"] - row["measure_amount"]),
        "act_by": act_by,
        **{
            column: row[column]
            for column in (
                "judged_on",
                "measure_amount",
                "months_below",
                "watch_state",
                "band",
                "policy_version",
            )
        },
    }


def distribution(policies: Policies, verdicts: Verdicts, months: list[Period]) -> Table:
    """(scheme, month, tier): how many hold it and what they have."""
    customers: Counter[tuple[str, date, int]] = Counter()
    assets: dict[tuple[str, date, int], Decimal] = defaultdict(lambda: NOUGHT)
    population: Counter[tuple[str, date]] = Counter()
    total: dict[tuple[str, date], Decimal] = defaultdict(lambda: NOUGHT)
    for (scheme, _, month), row in verdicts.items():
        customers[scheme, month, row["tier_rank"]] += 1
        assets[scheme, month, row["tier_rank"]] += row["measure_amount"]
        population[scheme, month] += 1
        total[scheme, month] += row["measure_amount"]
    found: Table = {}
    for period in months:
        for scheme, month in [place for place in population if place[1] == period.month]:
            for tier in policies.tiers(scheme, period.judged_on):
                rank = tier["tier_rank"]
                here = (scheme, month, rank)
                before = found.get((scheme, add_months(month, -1), rank))
                growth = _growth(customers[here], before and before["customers"])
                asset_growth = _growth(assets[here], before and before["assets"])
                found[here] = {
                    "tier": tier["tier_code"],
                    "lower_bound": tier["lower_bound"],
                    "judged_on": period.judged_on,
                    "is_closed": period.is_closed,
                    "customers": customers[here],
                    "assets": assets[here],
                    "customer_share": _ratio(customers[here], population[scheme, month]),
                    "asset_share": _ratio(assets[here], total[scheme, month]),
                    "customer_growth": growth,
                    "asset_growth": asset_growth,
                    "growth_divergence": None
                    if growth is None or asset_growth is None
                    else growth - asset_growth,
                }
    return found


def _growth(now: Decimal | int, before: Decimal | int | None) -> Decimal | None:
    return None if before is None else _ratio(now - before, before)


def _ratio(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    if whole == 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def migration(verdicts: Verdicts, months: list[Period]) -> Table:
    """(scheme, month, from, to): everybody judged at either of two month ends, once."""
    closed = {period.month for period in months if period.is_closed}
    found: Table = defaultdict(
        lambda: {"customers": 0, "assets_before": NOUGHT, "assets_after": NOUGHT}
    )
    moves = {(scheme, customer, month) for scheme, customer, month in verdicts}
    moves |= {(scheme, customer, add_months(month, 1)) for scheme, customer, month in verdicts}
    for scheme, customer, month in moves:
        if month not in closed:
            continue
        before = verdicts.get((scheme, customer, add_months(month, -1)))
        after = verdicts.get((scheme, customer, month))
        cell = found[
            scheme,
            month,
            before["tier"] if before else "new",
            after["tier"] if after else "left",
        ]
        cell["customers"] += 1
        cell["assets_before"] += before["measure_amount"] if before else NOUGHT
        cell["assets_after"] += after["measure_amount"] if after else NOUGHT
    return dict(found)


def changes(verdicts: Verdicts, months: list[Period]) -> Table:
    """(scheme, customer, month): each closed month that changed the tier, or found nobody."""
    closed = [period.month for period in months if period.is_closed]
    found: Table = {}
    for (scheme, customer, month), row in verdicts.items():
        if month not in closed:
            continue
        kept = {name: row[name] for name in ("judged_on", "measure_amount", "policy_version")}
        if row["change"] != "none":
            columns = ("change", "tier_before", "tier", "tier_rank", "takes_effect_on")
            found[scheme, customer, month] = kept | {name: row[name] for name in columns}
        after = add_months(month, 1)
        if after in closed and (scheme, customer, after) not in verdicts:
            found[scheme, customer, after] = kept | {
                "change": "left",
                "tier_before": row["tier"],
                "tier": None,
                "tier_rank": None,
                "judged_on": add_months(month, 2) - timedelta(days=1),
                "takes_effect_on": add_months(month, 2),
            }
    return found


def history(verdicts: Verdicts, months: list[Period]) -> Table:
    """(scheme, customer, valid_from): tiers by walking through the closed months.

    A tier ends where the next begins or, of who is no longer judged, with the first month without
    a judgement.
    """
    changed = changes(verdicts, months)
    found: Table = {}
    for scheme, customer in {(scheme, customer) for scheme, customer, _ in changed}:
        open_from: date | None = None
        for period in months:
            row = changed.get((scheme, customer, period.month))
            if row is None:
                continue
            start = row["takes_effect_on"]
            if open_from is not None:
                found[scheme, customer, open_from]["valid_to"] = start
                if open_from == start:
                    del found[scheme, customer, open_from]
            open_from = None if row["change"] == "left" else start
            if open_from is not None:
                columns = (
                    "tier", "tier_rank", "change", "judged_on", "measure_amount", "policy_version",
                )  # fmt: skip
                found[scheme, customer, start] = {name: row[name] for name in columns}
                found[scheme, customer, start]["valid_to"] = None
    return found
