"""Judging: a month's measure, the tier it reaches, and the tier held after a row of months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.reference.balances import NOUGHT, to_cents
from tests.reference.days import ONE_DAY, Period, add_months
from tests.reference.months import Fact
from tests.reference.policies import Policies, PolicyRow


@dataclass(frozen=True)
class Held:
    """What a customer brings into a month."""

    rank: int
    months_below: int = 0
    best: int | None = None


@dataclass(frozen=True)
class Step:
    """One month of the fold: what was held before, what is held after."""

    before: int | None
    after: Held
    months_below: int


@dataclass(frozen=True)
class Measured:
    """A scheme's measure of a customer's month and the rank it reaches."""

    measure_code: str
    amount: Decimal
    rank: int


def measure_amount(policies: Policies, code: str, fact: Fact, judged_on: date) -> Decimal:
    """The weighted balances of the month: averaged over its days, or at its close."""
    total, divisor = NOUGHT, 1
    for row in policies.on("measure", judged_on, measure_code=code):
        if row["basis"] == "average":
            total += row["weight"] * fact[f"{row['component']}_balance_days"]
            divisor = fact["days_judged"]
        else:
            total += row["weight"] * fact[f"{row['component']}_closing"]
    return to_cents(total / divisor)


def reached(policies: Policies, scheme: str, amount: Decimal, day: date) -> int:
    """The highest tier whose lower bound the amount reaches."""
    ranks = [
        tier["tier_rank"]
        for tier in policies.tiers(scheme, day)
        if tier["lower_bound"] is None or amount >= tier["lower_bound"]
    ]
    return int(max(ranks))


def measured(
    policies: Policies, scheme: PolicyRow, facts: Mapping[str, Fact], period: Period
) -> dict[str, Measured]:
    """Everybody whom the scheme judges in a month."""
    found = {}
    for customer, fact in facts.items():
        if fact["in_population"] and scheme["customer_type"] in ("all", fact["customer_type"]):
            code = scheme["measure_code"]
            amount = measure_amount(policies, code, fact, period.judged_on)
            rank = reached(policies, scheme["scheme_code"], amount, period.judged_on)
            found[customer] = Measured(code, amount, rank)
    return found


def judge(held: Held | None, rank: int, grace: PolicyRow | None) -> Step:
    """One month end: up at once, down only when the grace of the held tier is used up."""
    if held is None:
        return Step(None, Held(rank), 0)
    if rank >= held.rank:
        return Step(held.rank, Held(rank), 0)
    below = held.months_below + 1
    best = max(rank, held.best or rank)
    if below < (grace["grace_months"] if grace else 1):
        return Step(held.rank, Held(held.rank, below, best), below)
    fall_to = best if grace and grace["demote_to"] == "best" else rank
    return Step(held.rank, Held(fall_to), below)


def fold(
    policies: Policies,
    scheme: str,
    months: Iterable[tuple[Period, Mapping[str, Measured]]],
    start: Mapping[str, Held] | None = None,
) -> dict[tuple[str, date], Step]:
    """Judges month after month; who was not judged the month before is new."""
    state: Mapping[str, Held] = start or {}
    steps = {}
    for period, everybody in months:
        after = {}
        for customer, verdict in everybody.items():
            held = state.get(customer)
            grace = policies.grace(scheme, held.rank, period.judged_on) if held else None
            step = judge(held, verdict.rank, grace)
            steps[customer, period.month] = step
            after[customer] = step.after
        state = after
    return steps


def band_of(policies: Policies, scheme: str, amount: Decimal, day: date) -> str:
    """The band that starts nearest below the amount."""
    code, nearest = "none", None
    for row in policies.on("tier_band", day, scheme_code=scheme):
        bound = row["lower_bound"]
        if bound is None or (nearest is not None and bound < nearest):
            continue
        if amount > bound or (row["lower_inclusive"] and amount == bound):
            code, nearest = row["band_code"], bound
    return code


def verdict(
    policies: Policies, scheme: PolicyRow, period: Period, seen: Measured, step: Step
) -> dict[str, Any]:
    """A month's verdict with everything that tier_month says of it."""
    code, day, rank = scheme["scheme_code"], period.judged_on, step.after.rank
    tier = policies.tier(code, rank, day)
    above = policies.tier(code, rank + 1, day)
    held_before = policies.tier(code, step.before, day) if step.before else None
    grace = policies.grace(code, step.before, day) if step.before else None
    assert tier is not None
    bound = tier["lower_bound"]
    change = _change(step)
    since = max(row["valid_from"] for row in policies.tiers(code, day))
    return {
        "judged_on": day,
        "is_closed": period.is_closed,
        "measure_code": seen.measure_code,
        "measure_amount": seen.amount,
        "measured_tier": policies.tiers(code, day)[seen.rank - 1]["tier_code"],
        "measured_rank": seen.rank,
        "rank_before": step.before,
        "tier_before": held_before["tier_code"] if held_before else None,
        "tier_rank": rank,
        "tier": tier["tier_code"],
        "change": change,
        "takes_effect_on": _takes_effect(change, scheme, period),
        "months_below": step.months_below,
        "months_carried": step.after.months_below,
        "best_rank": step.after.best,
        "watch_state": _watch_state(step, grace),
        "falls_on": _falls_on(step, grace, period),
        "band": band_of(policies, code, seen.amount, day),
        "held_bound": bound,
        "margin": None if bound is None else seen.amount - bound,
        "next_tier": above["tier_code"] if above else None,
        "next_bound": above["lower_bound"] if above else None,
        "gap_to_next": above["lower_bound"] - seen.amount if above else None,
        "grace_code": held_before["grace_code"] if held_before else None,
        "grace_months": (grace["grace_months"] if grace else 1) if step.before else None,
        "policy_version": f"{code}@{since}",
    }


def _change(step: Step) -> str:
    if step.before is None:
        return "new"
    if step.after.rank == step.before:
        return "none"
    return "upgrade" if step.after.rank > step.before else "downgrade"


def _takes_effect(change: str, scheme: PolicyRow, period: Period) -> date | None:
    if change == "none":
        return None
    if change != "downgrade" and scheme["upgrade_takes_effect"] == "judgement":
        return period.judged_on
    return add_months(period.month, 1)


def _watch_state(step: Step, grace: PolicyRow | None) -> str:
    if step.months_below == 0 or grace is None or grace["grace_months"] == 1:
        return "none"
    return "silent" if step.months_below <= grace["silent_months"] else "watched"


def _falls_on(step: Step, grace: PolicyRow | None, period: Period) -> date | None:
    """The last day of the month that would use up the grace."""
    if step.months_below == 0:
        return None
    left = max((grace["grace_months"] if grace else 1) - step.months_below, 0)
    return add_months(period.month, left + 1) - ONE_DAY
