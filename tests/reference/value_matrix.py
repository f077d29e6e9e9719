"""The value matrix: what each indicator measures month by month, its points, and the cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.reference.balances import NOUGHT, to_cents
from tests.reference.days import ONE_DAY, Period, add_months
from tests.reference.marts import Table
from tests.reference.months import Fact, blank, owner
from tests.reference.policies import Policies, PolicyRow

if TYPE_CHECKING:
    from tests.reference.bank import ReferenceBank

AXES = {
    "current": ("asset_business", "liability_business", "intermediary_service"),
    "cost": ("acquisition", "maintenance"),
    "potential": ("products", "mobile", "financial_assets"),
}
INDICATORS = tuple(name for names in AXES.values() for name in names)
DEPOSITS = ("demand", "time_deposit")
ASSETS = (*DEPOSITS, "wealth", "fund", "insurance", "bond")
# Components of the contribution that each measure adds up.
SUMS = {
    "loan_income": ("spread_loan", "spread_card"),
    "deposit_income": ("spread_deposit", *(f"spread_{name}" for name in DEPOSITS)),
    "intermediary_income": (
        "fee", "card", "agency", "intermediary", *(f"spread_{name}" for name in ASSETS[2:]),
    ),
    "acquisition_cost": ("acquisition", "referral"),
    "maintenance_cost": ("service", "maintenance", "points"),
    "mobile_uses": ("mobile_uses",),
}  # fmt: skip
REWARDS = ("points", "referral")
HUNDRED = Decimal(100)

Measures = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Rules:
    """The numbers and choices in force on a day."""

    months: int
    cuts: Mapping[str, Decimal]
    on_cut: str
    missing: str

    @classmethod
    def on(cls, policies: Policies, day: date) -> Rules:
        """As the policy files have them."""

        def value(name: str) -> Decimal:
            [row] = policies.on("parameter", day, parameter=f"value_{name}")
            found: Decimal = row["value"]
            return found

        def choice(name: str) -> str:
            [row] = policies.on("switch", day, switch=f"value_{name}")
            return str(row["choice"])

        cuts = {axis: value(f"{axis}_cut") for axis in ("current", "potential")}
        return cls(int(value("months")), cuts, choice("on_cut"), choice("missing"))


@dataclass(frozen=True)
class Score:
    """Points by indicator and axis, and the cell they lead to."""

    points: Mapping[str, Decimal | None]
    weighted: Mapping[str, Decimal]
    axes: Mapping[str, Decimal]
    coverage: Mapping[str, Decimal]
    high: Mapping[str, bool]

    @property
    def current(self) -> Decimal:
        """Current value after cost."""
        return self.axes["current"] - self.axes["cost"]

    @property
    def cell(self) -> str:
        """Current value against potential value."""
        return {
            (False, False): "low_value",
            (True, False): "general",
            (False, True): "suboptimal",
            (True, True): "optimal",
        }[self.high["current"], self.high["potential"]]


def score(rows: Iterable[PolicyRow], measures: Measures, rules: Rules) -> Score:
    """What measures are worth under indicators in force."""
    by_name = {row["indicator"]: row for row in rows}
    points: dict[str, Decimal | None] = dict.fromkeys(INDICATORS)
    weighted = dict.fromkeys(INDICATORS, NOUGHT)
    axes, coverage = {}, {}
    for axis, names in AXES.items():
        counted = [name for name in names if name in by_name]
        known = [name for name in counted if measures.get(by_name[name]["measure"]) is not None]
        coverage[axis] = sum((by_name[name]["weight"] for name in known), NOUGHT)
        for name in known:
            row = by_name[name]
            value = measures[row["measure"]] or NOUGHT
            reached = min(max(value, NOUGHT), row["full_at"])
            points[name] = found = to_cents(reached * HUNDRED / row["full_at"])
            divisor = coverage[axis] if rules.missing == "reweigh" else Decimal(1)
            weighted[name] = to_cents(found * row["weight"] / divisor)
        axes[axis] = sum((weighted[name] for name in names), NOUGHT)
    scores = {"current": axes["current"] - axes["cost"], "potential": axes["potential"]}
    high = {
        axis: coverage[axis] > 0
        and (found > rules.cuts[axis] or (rules.on_cut == "high" and found == rules.cuts[axis]))
        for axis, found in scores.items()
    }
    return Score(points, weighted, axes, coverage, high)


def value_matrix(bank: ReferenceBank) -> Table:
    """(customer, month): what value_matrix_month says, of everybody who is judged."""
    brought = _brought(bank)
    found: Table = {}
    for period in bank.periods:
        rules = Rules.on(bank.policies, period.judged_on)
        delivered = _delivered(brought, period.month)
        for customer, month in bank.stars:
            if month == period.month:
                fact = bank.facts[month].get(customer) or blank()
                measures = _measures(brought[customer], fact, period, rules, delivered)
                found[customer, month] = _said(bank.policies, period, rules, measures)
    return found


def so_far(bank: ReferenceBank) -> Table:
    """(customer, month): what int_value_so_far says."""
    found: Table = {}
    for customer, months in _brought(bank).items():
        totals = dict.fromkeys(SUMS, NOUGHT)
        for month, brought in sorted(months.items()):
            totals = {name: totals[name] + brought[name] for name in SUMS}
            found[customer, month] = {f"total_{name}": total for name, total in totals.items()}
    return found


Brought = Mapping[str, Mapping[date, Mapping[str, Decimal]]]


def _brought(bank: ReferenceBank) -> Brought:
    """Per customer and month, each sum."""
    found: dict[str, dict[date, dict[str, Decimal]]] = defaultdict(dict)
    uses = {period.month: _mobile_uses(bank, period) for period in bank.periods}
    for (customer, month), row in bank.contributions.items():
        line = row | {"mobile_uses": Decimal(uses[month][customer])}
        left_out = REWARDS if row["rewards_choice"] == "seed_literal" else ()
        found[customer][month] = {
            name: sum((line[part] for part in parts if part not in left_out), NOUGHT)
            for name, parts in SUMS.items()
        }
    return found


def _mobile_uses(bank: ReferenceBank, period: Period) -> dict[str, int]:
    eve, known = period.month - ONE_DAY, period.judged_on
    accounts = bank.deliveries.versions("accounts", "account_id", known, known)
    found: dict[str, int] = defaultdict(int)
    for row, sign in bank.deliveries.learned("transactions", eve, known):
        if row["channel"] == "mobile":
            found[owner(accounts, row)] += sign
    for row, sign in bank.deliveries.learned("channel_logins", eve, known):
        if row["channel"] == "mobile":
            found[row["customer_id"]] += sign * row["logins"]
    return found


def _delivered(brought: Brought, month: date) -> set[str]:
    """Sums of which somebody has had anything by then: the bank delivers them."""
    return {
        name
        for name in SUMS
        for months in brought.values()
        if sum((line[name] for at, line in months.items() if at <= month), NOUGHT) > 0
    }


def _measures(
    months: Mapping[date, Mapping[str, Decimal]],
    fact: Fact,
    period: Period,
    rules: Rules,
    delivered: set[str],
) -> Measures:
    """All measures of a customer; none of who has neither relationship nor open account."""
    if not (fact["in_population"] or fact["accounts_open"]):
        return {}
    first = add_months(period.month, 1 - rules.months)
    window = [line for month, line in months.items() if first <= month <= period.month]
    found: dict[str, Decimal | None] = {
        name: sum((line[name] for line in window), NOUGHT) for name in SUMS if name in delivered
    }
    for name, classes in (("average_deposits", DEPOSITS), ("average_assets", ASSETS)):
        held = sum((fact[f"{one}_balance_days"] for one in classes), NOUGHT)
        found[name] = to_cents(held / len(period.days))
    found["loans_outstanding"] = fact["loan_outstanding"]
    return found | {name: Decimal(fact[name]) for name in ("products_held", "classes_held")}


def _said(policies: Policies, period: Period, rules: Rules, measures: Measures) -> dict[str, Any]:
    rows = policies.on("value_indicator", period.judged_on)
    result = score(rows, measures, rules)
    said: dict[str, Any] = {
        "judged_on": period.judged_on,
        "is_closed": period.is_closed,
        "cell": result.cell,
        "current_points": result.axes["current"],
        "cost_points": result.axes["cost"],
        "current_score": result.current,
        "potential_score": result.axes["potential"],
        "current_distance": result.current - rules.cuts["current"],
        "potential_distance": result.axes["potential"] - rules.cuts["potential"],
        "on_cut_choice": rules.on_cut,
        "missing_choice": rules.missing,
        "value_months": rules.months,
        "policy_version": f"value@{_newest(policies, rows, period.judged_on)}",
    }
    for axis in AXES:
        said[f"{axis}_coverage"] = result.coverage[axis]
    for axis, cut in rules.cuts.items():
        said[f"{axis}_cut"], said[f"{axis}_is_high"] = cut, result.high[axis]
    for name in INDICATORS:
        row = next((one for one in rows if one["indicator"] == name), None)
        said |= {
            f"{name}_measure": row["measure"] if row else None,
            f"{name}_value": measures.get(row["measure"]) if row else None,
            f"{name}_full": row["full_at"] if row else None,
            f"{name}_points": result.points[name],
            f"{name}_weight": row["weight"] if row else NOUGHT,
            f"{name}_weighted": result.weighted[name],
        }
    return said


def _newest(policies: Policies, indicators: Sequence[PolicyRow], day: date) -> date:
    rows = [*indicators]
    for name, column in (("parameter", "parameter"), ("switch", "switch")):
        rows += [row for row in policies.on(name, day) if row[column].startswith("value_")]
    newest: date = max(row["valid_from"] for row in rows)
    return newest
