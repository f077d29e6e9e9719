"""The star grade: what is measured, its points, and the grade held between evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.reference.balances import NOUGHT, to_cents
from tests.reference.days import Period, add_months, month_end
from tests.reference.marts import Table
from tests.reference.months import Fact, blank
from tests.reference.policies import Policies, PolicyRow

MEASURES = {
    "asset_size": ("average_assets",),
    "contribution": ("turnover", "transfers"),
    "risk_tolerance": ("risk_appetite",),
    "relationship_care": ("survey_score", "complaints"),
    "loyalty_activity": ("tenure_months", "stability", "own_transactions"),
    "cooperation": ("products_held", "classes_held"),
    "credit_record": ("days_past_due", "loans_in_default"),
}
DIMENSIONS = tuple(MEASURES)
NAMES = [name for names in MEASURES.values() for name in names]
ASSETS = ("demand", "time_deposit", "wealth", "fund", "insurance", "bond")

Measures = Mapping[str, Decimal | None]
# A customer's months from the first one that knows of them.
History = Sequence[tuple[Period, Fact]]


@dataclass(frozen=True)
class Rules:
    """The numbers and choices in force on a day."""

    months: int = 6
    care_months: int = 12
    evaluation_months: int = 6
    buffer: int = 1
    neutral_points: Decimal = Decimal(500)
    missing: str = "reweigh"

    @classmethod
    def on(cls, policies: Policies, day: date) -> Rules:
        """As the policy files have them."""

        def value(name: str) -> Decimal:
            [row] = policies.on("parameter", day, parameter=f"star_{name}")
            found: Decimal = row["value"]
            return found

        [switch] = policies.on("switch", day, switch="star_missing")
        return cls(
            months=int(value("months")),
            care_months=int(value("care_months")),
            evaluation_months=int(value("evaluation_months")),
            buffer=int(value("buffer_evaluations")),
            neutral_points=value("neutral_points"),
            missing=switch["choice"],
        )


@dataclass(frozen=True)
class Score:
    """A month's points: per dimension its own, its weight and what counts of them."""

    points: Mapping[str, Decimal | None]
    weights: Mapping[str, Decimal]
    weighted: Mapping[str, Decimal]
    coverage: Decimal
    total: Decimal


@dataclass(frozen=True)
class Held:
    """What a customer brings into a month: a rank, how it was given, evaluations spent below."""

    rank: int
    status: str
    below: int = 0


# -- what is measured ----------------------------------------------------------------------------


def measure(
    history: History, rules: Rules, has_transactions: bool, has_contacts: bool
) -> dict[str, Decimal | None]:
    """Every measure of the last month of a history; None where there is nothing to measure."""
    period, fact = history[-1]
    if not (fact["in_population"] or fact["accounts_open"]):
        return {}
    recent = _window(history, rules.months)
    care = _window(history, rules.care_months)
    surveys = _sum(care, "surveys")
    found: dict[str, Any] = {
        "average_assets": to_cents(
            sum((_asset_days(row) for _, row in recent), NOUGHT)
            / sum(len(each.days) for each, _ in recent)
        ),
        "survey_score": to_cents(Decimal(_sum(care, "survey_score")) / surveys)
        if surveys > 0
        else None,
        "tenure_months": _months_since(_customer_since(history), period),
        "stability": _stability(history, rules.months),
        "products_held": fact["products_held"],
        "classes_held": fact["classes_held"],
    }
    if has_transactions:
        found["turnover"] = _sum(recent, "inflow") + _sum(recent, "outflow")
        found["transfers"] = _sum(recent, "transfer_turnover")
        found["own_transactions"] = _sum(recent, "own_transactions")
    if has_contacts:
        found["complaints"] = _sum(care, "complaints")
    if fact["risk_appetite"]:
        found["risk_appetite"] = int(fact["risk_appetite"][1:])
    if fact["loans_owed"]:
        found |= {name: fact[name] for name in ("days_past_due", "loans_in_default")}
    return found


def _window(history: History, months: int) -> History:
    first = add_months(history[-1][0].month, 1 - months)
    return [(period, fact) for period, fact in history if period.month >= first]


def _sum(history: History, name: str) -> Any:
    """Of a flow, with what was learned late of earlier months."""
    return sum(fact[name] + fact[f"late_{name}"] for _, fact in history)


def _asset_days(fact: Fact) -> Decimal:
    return sum((fact[f"{name}_balance_days"] for name in ASSETS), NOUGHT)


def _customer_since(history: History) -> date | None:
    period, fact = history[-1]
    days = [row["first_account_on"] for _, row in history if row["first_account_on"]]
    opened = fact["relationship_opened_on"]
    if opened and opened <= period.judged_on:
        days.append(opened)
    return min(days, default=None)


def _months_since(day: date | None, period: Period) -> int | None:
    if day is None:
        return None
    return (period.month.year - day.year) * 12 + period.month.month - day.month


def _stability(history: History, months: int) -> Decimal | None:
    """The month's average over that of an earlier one."""
    period, fact = history[-1]
    for earlier, row in history:
        if earlier.month == add_months(period.month, -months) and _asset_days(row) > 0:
            now = _asset_days(fact) * len(earlier.days)
            then = _asset_days(row) * len(period.days)
            return (now / then).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return None


# -- points --------------------------------------------------------------------------------------


def step_of(policies: Policies, name: str, value: Decimal, day: date) -> PolicyRow:
    """The highest step whose bound the value reaches."""
    steps = sorted(policies.on("star_score", day, measure=name), key=lambda row: int(row["step"]))
    reached = [row for row in steps if row["lower_bound"] is None or value >= row["lower_bound"]]
    return reached[-1]


def score(policies: Policies, measures: Measures, rules: Rules, day: date) -> Score:
    """Points by dimension and in all."""
    weights = dict.fromkeys(DIMENSIONS, NOUGHT)
    weights |= {row["dimension"]: row["weight"] for row in policies.on("star_dimension", day)}
    named = {
        dimension: policies.on("star_measure", day, dimension=dimension) for dimension in DIMENSIONS
    }
    known = {
        dimension
        for dimension, rows in named.items()
        if any(measures.get(row["measure"]) is not None for row in rows)
    }
    coverage = sum((weights[dimension] for dimension in known), NOUGHT)
    points: dict[str, Decimal | None] = dict.fromkeys(DIMENSIONS)
    weighted = dict.fromkeys(DIMENSIONS, NOUGHT)
    for dimension in DIMENSIONS if coverage else ():
        found = _dimension_points(policies, named[dimension], measures, rules, day)
        if found is not None:
            points[dimension] = found
            divisor = coverage if rules.missing == "reweigh" else sum(weights.values())
            weighted[dimension] = to_cents(found * weights[dimension] / divisor)
    return Score(points, weights, weighted, coverage, sum(weighted.values(), NOUGHT))


def _dimension_points(
    policies: Policies, rows: Sequence[PolicyRow], measures: Measures, rules: Rules, day: date
) -> Decimal | None:
    brought, counted = NOUGHT, NOUGHT
    for row in rows:
        value = measures.get(row["measure"])
        if value is not None:
            got = step_of(policies, row["measure"], value, day)["points"]
        elif rules.missing == "reweigh":
            continue
        else:
            got = rules.neutral_points if rules.missing == "neutral" else NOUGHT
        brought += row["weight"] * got
        counted += row["weight"]
    return to_cents(brought / counted) if counted else None


def grades(policies: Policies, day: date) -> list[PolicyRow]:
    """Grades in force, lowest first; rank r stands at index r - 1."""
    return sorted(policies.on("star_band", day), key=lambda row: int(row["grade_rank"]))


def rank_of(policies: Policies, found: Score, day: date) -> int:
    """The highest grade whose bound the points reach; the lowest where nothing is measured."""
    rank = 1
    for row in grades(policies, day) if found.coverage else ():
        bound = row["lower_bound"]
        is_reached = bound is None or found.total > bound
        if is_reached or (row["lower_inclusive"] and found.total == bound):
            rank = row["grade_rank"]
    return rank


# -- the grade held ------------------------------------------------------------------------------


def is_evaluation(month: date, rules: Rules) -> bool:
    """Whether stars are evaluated at the month's end."""
    return month.month % rules.evaluation_months == 0


def judge(
    before: Held | None, rank: int, measured: bool, evaluated: bool, buffer: int
) -> tuple[Held, int]:
    """What is held after a month, and the evaluations in a row below that led there."""
    if before is None or before.status == "not_rated":
        if not measured:
            return Held(rank, "not_rated"), 0
        return Held(rank, "evaluated" if evaluated else "provisional"), 0
    if not evaluated:
        return before, before.below
    if before.status == "provisional" or rank >= before.rank:
        return Held(rank, "evaluated"), 0
    below = before.below + 1
    if below > buffer:
        return Held(rank, "evaluated"), below
    return Held(before.rank, "evaluated", below), below


def next_evaluation(period: Period, rules: Rules) -> date:
    """The last day of the next month that is evaluated; a running one still lies ahead."""
    month = add_months(period.month, 1) if period.is_closed else period.month
    while not is_evaluation(month, rules):
        month = add_months(month, 1)
    return month_end(month)


# -- tables --------------------------------------------------------------------------------------


def star_months(
    policies: Policies,
    periods: Sequence[Period],
    facts: Mapping[date, Mapping[str, Fact]],
    trails: Table,
) -> Table:
    """(customer, month): what star_month says. Whoever has a trail has been heard of."""
    found: Table = {}
    held: dict[str, Held] = {}
    histories: dict[str, list[tuple[Period, Fact]]] = {}
    for period in periods:
        rules = Rules.on(policies, period.judged_on)
        heard_of = [customer for customer, month in trails if month == period.month]
        for customer in heard_of:
            history = histories.setdefault(customer, [])
            history.append((period, facts[period.month].get(customer) or blank()))
        delivered = _delivered(histories)
        after: dict[str, Held] = {}
        for customer, history in histories.items():
            if not _is_judged(history):
                continue
            measures = measure(history, rules, *delivered)
            result = score(policies, measures, rules, period.judged_on)
            rank = rank_of(policies, result, period.judged_on)
            evaluated = is_evaluation(period.month, rules)
            before = held.get(customer)
            now, below = judge(before, rank, result.coverage > 0, evaluated, rules.buffer)
            after[customer] = now
            found[customer, period.month] = {
                "rank_before": before.rank if before and before.status != "not_rated" else None,
                "evaluations_below": below,
                **_said(policies, history[-1], rules, result, measures),
                **_standing(policies, now, rank, result, period, before),
            }
        held = after
    return found


def _delivered(histories: Mapping[str, History]) -> tuple[bool, bool]:
    """Whether the bank has delivered transactions, and contacts, of anybody."""
    every = histories.values()
    return (
        any(_sum(history, "inflow") + _sum(history, "outflow") > 0 for history in every),
        any(_sum(history, "complaints") + _sum(history, "surveys") > 0 for history in every),
    )


def _is_judged(history: History) -> bool:
    """Of whom a relationship, an account or a lead is known by the day judged."""
    period, fact = history[-1]
    days = [fact["relationship_opened_on"]]
    for _, row in history:
        days += [row["first_account_on"], row["first_lead_on"]]
    return any(day is not None and day <= period.judged_on for day in days)


def _said(
    policies: Policies,
    month: tuple[Period, Fact],
    rules: Rules,
    result: Score,
    measures: Measures,
) -> dict[str, Any]:
    """Measures, points, and what they were held against."""
    period, fact = month
    day = period.judged_on
    row: dict[str, Any] = {
        "judged_on": day,
        "is_closed": period.is_closed,
        "suitable_up_to": fact["risk_appetite"] or "not_measured",
        "is_evaluation": is_evaluation(period.month, rules),
        "buffer_evaluations": rules.buffer,
        "next_evaluation_on": next_evaluation(period, rules),
        "points": result.total,
        "coverage": result.coverage,
        "missing_choice": rules.missing,
        "policy_version": f"star@{_newest(policies, day)}",
    }
    for dimension in DIMENSIONS:
        row[f"{dimension}_points"] = result.points[dimension]
        row[f"{dimension}_weight"] = result.weights[dimension]
        row[f"{dimension}_weighted"] = result.weighted[dimension]
    for name in NAMES:
        value = measures.get(name) if policies.on("star_measure", day, measure=name) else None
        row[name] = value
        step = None if value is None else step_of(policies, name, value, day)
        row[f"{name}_bound"] = step["lower_bound"] if step else None
    return row


def _newest(policies: Policies, day: date) -> date:
    rows = [
        row
        for name in ("star_dimension", "star_measure", "star_score", "star_band")
        for row in policies.on(name, day)
    ]
    for name, column in (("parameter", "parameter"), ("switch", "switch")):
        rows += [row for row in policies.on(name, day) if row[column].startswith("star_")]
    newest: date = max(row["valid_from"] for row in rows)
    return newest


def _standing(
    policies: Policies, now: Held, rank: int, result: Score, period: Period, before: Held | None
) -> dict[str, Any]:
    """The grade held, the one of the points, and the way to the next."""
    ladder = grades(policies, period.judged_on)
    held = ladder[now.rank - 1]
    above = ladder[now.rank] if now.rank < len(ladder) else None
    bound = held["lower_bound"]
    return {
        "grade": held["grade_code"],
        "grade_rank": now.rank,
        "points_grade": ladder[rank - 1]["grade_code"],
        "points_rank": rank,
        "change": _change(now, before),
        "status": now.status,
        "evaluations_carried": now.below,
        "held_bound": bound,
        "margin": None if bound is None else result.total - bound,
        "next_grade": above["grade_code"] if above else None,
        "next_bound": above["lower_bound"] if above else None,
        "gap_to_next": above["lower_bound"] - result.total if above else None,
    }


def _change(now: Held, before: Held | None) -> str:
    if now.status == "not_rated":
        return "none"
    if before is None or before.status == "not_rated":
        return "new"
    if now.rank == before.rank:
        return "none"
    return "upgrade" if now.rank > before.rank else "downgrade"


def star_points(stars: Table) -> Table:
    """(customer, month, dimension): what star_points says."""
    found: Table = {}
    for (customer, month), row in stars.items():
        for dimension, names in MEASURES.items():
            said = {
                "points": row[f"{dimension}_points"],
                "weight": row[f"{dimension}_weight"],
                "weighted_points": row[f"{dimension}_weighted"],
                "policy_version": row["policy_version"],
            }
            for place, name in zip(
                ("first", "second", "third"), (*names, None, None), strict=False
            ):
                said[f"{place}_measure"] = name
                said[f"{place}_value"] = row[name] if name else None
            found[customer, month, dimension] = said
    return found
