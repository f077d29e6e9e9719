"""The lifecycle of one customer after another, month by month, written from the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.reference.balances import NOUGHT, to_cents
from tests.reference.days import Period, add_months, month_of
from tests.reference.marts import Table
from tests.reference.policies import Policies

ASSETS = ("demand", "time_deposit", "wealth", "fund", "insurance", "bond")
ALL = (*ASSETS, "loan", "card", "unknown")
# What a month adds, own and learned late: name -> column of the monthly fact.
FLOWS = {
    "own": "own_transactions",
    "incomes": "income_transactions",
    "income": "income",
    "cost": "cost",
    "moved": "other_bank_outflow",
    "complaints": "complaints",
    "unmet": "unmet_interests",
}
EVIDENCE = (
    "decline_assets", "largest_outflow", "competitor_outflow", "matured_deposits", "complaints",
    "fee_share", "unmet_interests", "ended_incomes", "days_past_due", "loans_in_default",
)  # fmt: skip
BOUNDS = (
    "silent_months", "repeat_count", "fall_share", "fall_months", "stable_share", "stable_months",
    "wallet_share", "top_assets", "outflow_share", "competitor_share", "complaints", "fee_share",
    "unmet_interests", "past_due_days",
)  # fmt: skip

Row = Mapping[str, Any]


class Terms:
    """The policy in force on a day."""

    def __init__(self, policies: Policies, day: date) -> None:
        rows = [
            *self._named(policies, "parameter", day),
            *self._named(policies, "switch", day),
            *policies.on("lifecycle_stage", day),
            *policies.on("decline_cause", day),
        ]
        self.version = f"lifecycle@{max(row['valid_from'] for row in rows)}"
        self.number = {
            row["parameter"].removeprefix("lifecycle_"): row["value"]
            for row in self._named(policies, "parameter", day)
        }
        self.choice = {
            row["switch"].removeprefix("lifecycle_"): row["choice"]
            for row in self._named(policies, "switch", day)
        }
        self.stages = {row["stage"]: row for row in policies.on("lifecycle_stage", day)}
        self.causes = sorted(
            policies.on("decline_cause", day), key=lambda row: int(row["precedence"])
        )

    @staticmethod
    def _named(policies: Policies, kind: str, day: date) -> list[Row]:
        return [row for row in policies.on(kind, day) if row[kind].startswith("lifecycle_")]

    def months(self, name: str) -> int:
        """A number of months."""
        return int(self.number[f"{name}_months"])


@dataclass
class Month:
    """A month of a customer: what it added, and what stood at its end."""

    period: Period
    fact: Row
    trail: Row
    flows: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        fact = self.fact
        self.flows = {
            name: fact.get(column, 0) + fact.get(f"late_{column}", 0)
            for name, column in FLOWS.items()
        }
        self.flows["fees"] = -(fact.get("fee_amount", NOUGHT) + fact.get("late_fee_amount", NOUGHT))
        self.flows["asset_days"] = sum(
            (fact.get(f"{name}_balance_days", NOUGHT) for name in ASSETS), NOUGHT
        )
        self.flows["days"] = len(self.period.days)

    @property
    def month(self) -> date:
        """First day."""
        return self.period.month

    def closing(self, name: str) -> Decimal:
        """A class's closing balance."""
        return Decimal(self.fact.get(f"{name}_closing", NOUGHT))


@dataclass
class State:
    """What a customer brings into a month."""

    first_account_on: date | None = None
    last_own_on: date | None = None
    first_lead_on: date | None = None
    active_in: date | None = None
    terminated_in: date | None = None
    reactivated_in: date | None = None
    assets: Decimal | None = None
    fallen: int = 0
    stable: int = 0
    time_deposits_in: date | None = None
    began_in: date | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    stage: str | None = None
    stage_month: date | None = None
    in_stage: int = 0


def ratio(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Six decimals, rounded half away from nought; nothing of a nought."""
    if whole == 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def judge(
    policies: Policies,
    periods: Iterable[Period],
    facts: Mapping[date, Mapping[str, Row]],
    trail: Mapping[tuple[str, date], Row],
) -> Table:
    """(customer, month): what lifecycle_month says of everybody."""
    found: Table = {}
    seen: dict[str, list[Month]] = {}
    states: dict[str, State] = {}
    for period in periods:
        terms = Terms(policies, period.judged_on)
        everybody = [customer for customer, month in trail if month == period.month]
        for customer in everybody:
            fact = facts.get(period.month, {}).get(customer, {})
            row = Month(period, fact, trail[customer, period.month])
            seen.setdefault(customer, []).append(row)
        has_profit = any(
            sum(month.flows[name] for month in seen[customer]) != 0
            for customer in everybody
            for name in ("income", "cost")
        )
        for customer in everybody:
            state = states.setdefault(customer, State())
            verdict = _judge_month(terms, seen[customer], state, has_profit)
            if verdict is not None:
                found[customer, period.month] = verdict
    return found


def _judge_month(
    terms: Terms, months: list[Month], state: State, has_profit: bool
) -> dict[str, Any] | None:
    now = months[-1]
    _learn_days(now.fact, state)
    if not _is_judged(now, state):
        return None
    is_held = state.first_account_on is not None
    is_open = is_held and now.fact.get("accounts_open", 0) > 0
    is_terminated, comes_back = _presence(terms, now, state, is_held, is_open)
    row = _measures(terms, months, state, has_profit)
    row |= _runs(terms, now, state, row, is_held)
    ends_on = _ends_on(now)
    stage = "prospect"
    if is_held:
        stage = _stage(terms, row, is_terminated, comes_back, is_open, ends_on)
    is_doubtful = (
        is_held
        and not is_terminated
        and not comes_back
        and (not is_open or ends_on is not None or row.pop("is_fallen"))
    )
    row.pop("is_fallen", None)
    _collect(terms, months, state, row, is_doubtful)
    verdict = _said(terms, now, state, row, stage, ends_on, is_open)
    state.assets = row["assets"] if is_held else None
    return verdict


def _learn_days(fact: Row, state: State) -> None:
    for name, column, pick in (
        ("first_account_on", "first_account_on", min),
        ("last_own_on", "last_own_transaction_on", max),
        ("first_lead_on", "first_lead_on", min),
    ):
        days = [day for day in (getattr(state, name), fact.get(column)) if day is not None]
        setattr(state, name, pick(days) if days else None)


def _is_judged(now: Month, state: State) -> bool:
    days = (now.fact.get("relationship_opened_on"), state.first_account_on, state.first_lead_on)
    return any(day is not None and day <= now.period.judged_on for day in days)


def _presence(
    terms: Terms, now: Month, state: State, is_held: bool, is_open: bool
) -> tuple[bool, bool]:
    """Whether the relationship has ended, or begins again this month."""
    before, ended_in = state.active_in, state.terminated_in
    if is_held:
        signs = [day for day in (state.first_account_on, state.last_own_on) if day is not None]
        signs_in = [month_of(day) for day in signs] if not is_open else [now.month]
        state.active_in = max(signs_in + ([before] if before else []))
    silent = None if state.active_in is None else _apart(state.active_in, now.month)
    is_terminated = silent is not None and silent >= terms.months("silent") and _unsettled(now) == 0
    comes_back = (
        not is_terminated
        and ended_in is not None
        and before is not None
        and state.active_in is not None
        and before <= ended_in < state.active_in
    )
    if is_terminated:
        state.terminated_in, state.reactivated_in = now.month, None
    if comes_back:
        state.reactivated_in = now.month
    return is_terminated, comes_back


def _apart(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


def _debt(now: Month) -> Decimal:
    loan = max(abs(now.closing("loan")), now.fact.get("loan_outstanding", NOUGHT))
    return Decimal(loan + abs(now.closing("card")))


def _unsettled(now: Month) -> Decimal:
    return _debt(now) + sum((abs(now.closing(name)) for name in (*ASSETS, "unknown")), NOUGHT)


def _ends_on(now: Month) -> date | None:
    """When the relationship or the last of its accounts is known to end."""
    fact, days = now.fact, []
    closed_on = fact.get("relationship_closed_on")
    if closed_on is not None and closed_on > now.period.judged_on:
        days.append(closed_on)
    if fact.get("accounts_open", 0) > 0 and fact["accounts_ending"] == fact["accounts_open"]:
        days.append(fact["accounts_end_on"])
    return min(days, default=None)


def _window(months: list[Month], state: State, count: int, ending: int = 0) -> list[Month]:
    """The last months, up to `ending` months ago, none of them before a return."""
    last = add_months(months[-1].month, -ending)
    return [
        month
        for month in months
        if add_months(last, -count) < month.month <= last
        and (state.reactivated_in is None or month.month >= state.reactivated_in)
    ]


def _sum(months: list[Month], name: str) -> Any:
    return sum((month.flows[name] for month in months), 0)


def _measures(terms: Terms, months: list[Month], state: State, has_profit: bool) -> dict[str, Any]:
    now = months[-1]
    baseline = _window(months, state, terms.months("baseline"), ending=1)
    enough = len(baseline) >= terms.months("baseline_known") and state.first_account_on is not None
    days, own = _sum(baseline, "days"), _sum(baseline, "own")
    assets = to_cents(now.flows["asset_days"] / now.flows["days"])
    level = to_cents(_sum(baseline, "asset_days") / days) if enough else None
    changes = {"assets": None, "transactions": None}
    if level is not None and level > 0:
        changes["assets"] = ratio(assets - level, level)
    if enough and own > 0:
        usual = own * now.flows["days"]
        changes["transactions"] = ratio(now.flows["own"] * days - usual, usual)
    chosen = terms.choice["volume"]
    told = [
        change
        for name, change in changes.items()
        if change is not None and chosen in (name, "either")
    ]
    repeat = _window(months, state, terms.months("repeat"))
    profit = _window(months, state, terms.months("profit"))
    income, cost = (Decimal(_sum(profit, name)) for name in ("income", "cost"))
    return {
        "own_transactions": _sum(repeat, "own"),
        "income": income,
        "cost": cost,
        "profit": income - cost if has_profit else None,
        "assets": assets,
        "baseline_assets": level,
        "volume_change": min(told, default=None),
        "volume_swing": max((abs(change) for change in told), default=None),
    }


def _runs(
    terms: Terms, now: Month, state: State, row: dict[str, Any], is_held: bool
) -> dict[str, Any]:
    change, swing = row["volume_change"], row["volume_swing"]
    is_fallen = change is not None and change <= -terms.number["fall_share"]
    state.fallen = state.fallen + 1 if is_fallen else 0
    is_stable = swing is not None and swing <= terms.number["stable_share"]
    state.stable = state.stable + 1 if is_stable else 0
    if is_held and now.closing("time_deposit") > 0:
        state.time_deposits_in = now.month
    own = sum((now.closing(name) for name in ASSETS), NOUGHT)
    observed_on, elsewhere = now.trail["external_observed_on"], None
    if observed_on is not None and _apart(month_of(observed_on), now.month) < terms.months(
        "wallet"
    ):
        elsewhere = now.trail["external_assets"]
    share = None
    if elsewhere is not None and own + elsewhere > 0:
        share = ratio(own, own + elsewhere)
    return {
        "is_fallen": is_fallen,
        "months_fallen": state.fallen,
        "months_stable": state.stable,
        "closing_assets": own,
        "external_assets": elsewhere,
        "wallet_share": share,
    }


def _stage(
    terms: Terms,
    row: dict[str, Any],
    is_terminated: bool,
    comes_back: bool,
    is_open: bool,
    ends_on: date | None,
) -> str:
    if is_terminated:
        return "terminated"
    if comes_back:
        return "developing"
    if not is_open or ends_on is not None or row["months_fallen"] >= terms.months("fall"):
        return "declining"
    earns = terms.choice["profit_missing"] == "ignore"
    if row["profit"] is not None:
        earns = row["profit"] > 0
    if not earns or row["own_transactions"] < terms.number["repeat_count"]:
        return "developing"
    owns_wallet = terms.choice["wallet_missing"] == "ignore"
    if row["wallet_share"] is not None:
        owns_wallet = row["wallet_share"] >= terms.number["wallet_share"]
    return "mature" if owns_wallet and row["months_stable"] >= terms.months("stable") else "growing"


def _collect(
    terms: Terms, months: list[Month], state: State, row: dict[str, Any], is_doubtful: bool
) -> None:
    """Evidence is kept from the first month with a sign of decline to the last in a row."""
    now = months[-1]
    if not is_doubtful:
        state.began_in, state.evidence = None, {}
        return
    state.began_in = state.began_in or now.month
    evidence = _window(months, state, terms.months("evidence"))
    lately = _window(months, state, terms.months("income"))
    level = row["baseline_assets"]
    since = add_months(now.month, -terms.months("evidence"))
    matured = (
        now.closing("time_deposit") == 0
        and state.time_deposits_in is not None
        and state.time_deposits_in >= since
    )
    seen = {
        "decline_assets": level,
        "largest_outflow": None
        if state.assets is None
        else _share(state.assets - row["assets"], level),
        "competitor_outflow": None
        if level is None
        else _share(_sum(evidence, "moved"), level - row["assets"]),
        "matured_deposits": int(matured),
        "complaints": _sum(evidence, "complaints"),
        "fee_share": _share(_sum(evidence, "fees"), level),
        "unmet_interests": _sum(evidence, "unmet"),
        "ended_incomes": int(_sum(lately, "incomes") <= 0 < _sum(evidence, "incomes")),
        "days_past_due": now.fact.get("days_past_due", 0),
        "loans_in_default": now.fact.get("loans_in_default", 0),
    }
    for name, value in seen.items():
        values = [one for one in (value, state.evidence.get(name)) if one is not None]
        state.evidence[name] = max(values, default=None)


def _share(part: Decimal, whole: Decimal | None) -> Decimal | None:
    return ratio(part, whole) if whole is not None and whole > 0 else None


def _cause(terms: Terms, state: State, profit: Decimal | None, debt: Decimal) -> Row:
    seen, number = state.evidence, terms.number

    def reaches(name: str, bound: Decimal) -> bool:
        return seen[name] is not None and seen[name] >= bound

    shows = {
        "sudden_outflow": reaches("decline_assets", number["top_assets"])
        and reaches("largest_outflow", number["outflow_share"]),
        "bank_side": reaches("complaints", number["complaints"])
        or reaches("fee_share", number["fee_share"])
        or reaches("unmet_interests", number["unmet_interests"]),
        "competitor": reaches("competitor_outflow", number["competitor_share"])
        or seen["matured_deposits"] == 1,
        "own_circumstances": seen["ended_incomes"] == 1
        or reaches("days_past_due", number["past_due_days"])
        or seen["loans_in_default"] > 0,
        "negative_value": profit is not None and profit < 0 and debt == 0,
        "unknown": True,
    }
    return next(row for row in terms.causes if shows[row["cause"]])


def _sub_state(stage: str, ends_on: date | None, is_open: bool, unsettled: Decimal) -> str:
    if stage != "declining":
        return "none"
    if ends_on is not None:
        return "notice"
    if is_open:
        return "falling"
    return "unsettled" if unsettled else "leaving"


def _said(
    terms: Terms,
    now: Month,
    state: State,
    row: dict[str, Any],
    stage: str,
    ends_on: date | None,
    is_open: bool,
) -> dict[str, Any]:
    goes_on = state.stage == stage and state.stage_month == add_months(now.month, -1)
    state.in_stage = state.in_stage + 1 if goes_on else 1
    state.stage, state.stage_month = stage, now.month
    debt, unsettled = _debt(now), _unsettled(now)
    cause = _cause(terms, state, row["profit"], debt) if stage == "declining" else None
    sub_state = _sub_state(stage, ends_on, is_open, unsettled)
    return {
        "judged_on": now.period.judged_on,
        "is_closed": now.period.is_closed,
        "stage": stage,
        "sub_state": sub_state,
        "relationship_stage": terms.stages[stage]["relationship_stage"],
        "is_reactivated": state.reactivated_in is not None,
        "reactivated_in": state.reactivated_in,
        "notice_ends_on": ends_on if sub_state == "notice" else None,
        "decline_cause": cause["cause"] if cause else "none",
        "decline_strategy": cause["strategy"] if cause else "none",
        "months_in_stage": state.in_stage,
        "accounts_open": now.fact.get("accounts_open", 0),
        "unsettled": unsettled,
        "debt": debt,
        "active_in": state.active_in,
        "months_silent": None if state.active_in is None else _apart(state.active_in, now.month),
        "terminated_in": state.terminated_in,
        "time_deposits_in": state.time_deposits_in,
        "decline_began_in": state.began_in,
        **row,
        **{name: state.evidence.get(name) for name in EVIDENCE},
        **{f"{name}_bound": terms.number[name] for name in BOUNDS},
        **{f"{name}_choice": choice for name, choice in terms.choice.items()},
        "policy_version": terms.version,
    }


def flow(verdicts: Table, periods: list[Period]) -> Counter[tuple[date, str, str]]:
    """How many per (month, from, to): everybody judged at either of two month ends, once."""
    found: Counter[tuple[date, str, str]] = Counter()
    for customer, month in either_end(verdicts, periods):
        before = verdicts.get((customer, add_months(month, -1)))
        after = verdicts.get((customer, month))
        from_stage = before["stage"] if before else "entered"
        found[month, from_stage, after["stage"] if after else "left"] += 1
    return found


def either_end(verdicts: Table, periods: list[Period]) -> set[tuple[str, date]]:
    """Customers and closed months at whose end, or the end before, they were judged."""
    closed = {period.month for period in periods if period.is_closed}
    places = {(customer, month) for customer, month in verdicts}
    places |= {(customer, add_months(month, 1)) for customer, month in verdicts}
    return {place for place in places if place[1] in closed}


def dwell(verdicts: Table, periods: list[Period]) -> Table:
    """(month, stage): how long those had been there who left it."""
    stays: dict[tuple[date, str], list[int]] = {}
    for customer, month in either_end(verdicts, periods):
        before, after = (
            verdicts.get((customer, add_months(month, -1))),
            verdicts.get((customer, month)),
        )
        if before and (after is None or after["stage"] != before["stage"]):
            stays.setdefault((month, before["stage"]), []).append(before["months_in_stage"])
    return {
        place: {
            "customers": len(months),
            "mean_months": ratio(sum(months), len(months)),
            "longest_months": max(months),
        }
        for place, months in stays.items()
    }


def stage_months(policies: Policies, verdicts: Table, periods: list[Period]) -> Table:
    """(month, stage): who is there, what they have, who came and left."""
    found: Table = {}
    moves = flow(verdicts, periods)
    for period in periods:
        month = period.month
        judged = [row for (_, of), row in verdicts.items() if of == month]
        for policy in policies.on("lifecycle_stage", period.judged_on) if judged else ():
            stage = policy["stage"]
            rows = [row for row in judged if row["stage"] == stage]
            known = [row for row in rows if row["wallet_share"] is not None]
            own = sum((row["closing_assets"] for row in known), NOUGHT)
            cells = {
                (old, new): customers for (of, old, new), customers in moves.items() if of == month
            }
            came = sum(n for (old, new), n in cells.items() if new == stage and old != stage)
            left = sum(n for (old, new), n in cells.items() if old == stage and new != stage)
            stayed = cells.get((stage, stage), 0)
            closed = period.is_closed
            found[month, stage] = {
                "stage_name": policy["stage_name"],
                "relationship_stage": policy["relationship_stage"],
                "strategy": policy["strategy"],
                "judged_on": period.judged_on,
                "is_closed": closed,
                "customers": len(rows),
                "customer_share": ratio(len(rows), len(judged)),
                **{name: _total(rows, name) for name in ("assets", "income", "cost")},
                "asset_share": ratio(_total(rows, "assets"), _total(judged, "assets")),
                "profit": _total(rows, "income") - _total(rows, "cost"),
                "customers_with_wallet": len(known),
                "wallet_share": ratio(own, own + _total(known, "external_assets")),
                "opening": stayed + left if closed else None,
                "customers_in": came if closed else None,
                "customers_out": left if closed else None,
                "closing": stayed + came if closed else None,
                "net_flow": came - left if closed else None,
            }
    return found


def _total(rows: list[dict[str, Any]], name: str) -> Decimal:
    return sum((row[name] for row in rows), NOUGHT)
