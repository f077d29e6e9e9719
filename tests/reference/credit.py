"""Retail credit: characteristics as known on a day, and how those paid of whom it is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from tests.reference.balances import to_cents
from tests.reference.days import ONE_DAY, Period, add_months, month_end
from tests.reference.deliveries import Row
from tests.reference.marts import Table
from tests.reference.months import Fact, blank
from tests.reference.segments import whole_months

if TYPE_CHECKING:
    from tests.reference.bank import ReferenceBank

WINDOWS = ("short", "middle", "long")
_SIX = Decimal("0.000001")


def _number(bank: ReferenceBank, day: date, name: str) -> int:
    [row] = bank.policies.on("parameter", day, parameter=f"scorecard_{name}")
    return int(row["value"])


def _ratio(part: Decimal | int, whole: Decimal | int | None) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(_SIX, ROUND_HALF_UP)


def _of_positive(part: Decimal | int, whole: Decimal | None) -> Decimal | None:
    return _ratio(part, whole) if whole is not None and whole > 0 else None


def features(bank: ReferenceBank) -> Table:
    """(customer, month): what credit_feature_month says."""
    found: Table = {}
    for period in bank.periods:
        loans = [loan for (_, month), loan in bank.loans.items() if month == period.month]
        for customer, month in bank.stars:
            fact = bank.facts[period.month].get(customer) or blank()
            if month == period.month and fact["customer_type"] == "retail":
                own = [loan for loan in loans if loan["customer_key"] == customer]
                found[customer, month] = _measured(bank, period, customer, fact, own)
    return found


def _measured(
    bank: ReferenceBank, period: Period, customer: str, fact: Fact, loans: list[Row]
) -> dict[str, Any]:
    day = period.judged_on
    spans = {name: _number(bank, day, f"{name}_months") for name in WINDOWS} | {"month": 1}
    row: dict[str, Any] = {}
    trail = bank.trails[customer, period.month]
    is_banked = trail["first_account_on"] is not None and trail["first_account_on"] <= day
    grown = {name: _grown(bank, customer, period.month, span) for name, span in spans.items()}
    for name in ("month", *WINDOWS):
        row[f"assets_{name}"] = _average(grown[name], "asset") if is_banked else None
    for name in ("short", "long"):
        row[f"deposits_{name}"] = _average(grown[name], "deposit") if is_banked else None
        row[f"inflow_to_outflow_{name}"] = (
            _ratio(grown[name]["total_inflow"], grown[name]["total_outflow"]) if is_banked else None
        )
    month_days = _number(bank, day, "month_days")
    for column, name, total in (
        *((f"income_credits_{one}", one, "income_transactions") for one in ("short", "long")),
        *((f"own_transactions_{one}", one, "own_transactions") for one in ("short", "long")),
        ("logins_short", "short", "logins"),
    ):
        count = grown[name][f"total_{total}"] * month_days
        row[column] = _ratio(count, grown[name]["days_known"]) if is_banked else None
    row["complaints_long"] = grown["long"]["total_complaints"]
    last, opened = trail["last_own_transaction_on"], fact["relationship_opened_on"]
    row["months_since_transaction"] = whole_months(last, day + ONE_DAY) if last else None
    if opened is None or opened <= day:
        row["tenure_months"] = whole_months(opened, day + ONE_DAY) if opened else None
    row["asset_trend"] = (
        _of_positive(row["assets_short"] - row["assets_long"], row["assets_long"])
        if is_banked
        else None
    )
    for column in ("age_years", "area", "household_income", "products_held", "loans_owed",
                   "loan_outstanding", "days_past_due"):  # fmt: skip
        row[column] = fact[column]
    owed = [loan for loan in loans if loan["status"] != "repaid"]
    granted = [loan["granted_on"] for loan in owed if loan["granted_on"]]
    amounts = [loan["amount"] for loan in owed]
    row["debt_to_income"] = _of_positive(fact["loan_outstanding"], fact["household_income"])
    row["loan_age_months"] = whole_months(min(granted), day + ONE_DAY) if granted else None
    row["unpaid_share"] = (
        None
        if not owed or None in amounts
        else _of_positive(fact["loan_outstanding"], sum(amounts))
    )
    for name in ("middle", "long"):
        seen = _seen(bank, period, customer, add_months(period.month, 1 - spans[name]))
        days = [one["days_past_due"] for one in seen]
        row[f"worst_days_{name}"] = max(days, default=None)
        late = {one["month_end"] for one in seen if one["days_past_due"] > 0}
        row["past_due_months"] = len(late) if seen else None
    row["left_out_for"] = _left_out(bank, day, fact, loans)
    row["population"] = "none" if row["left_out_for"] else "behavioural" if owed else "application"
    return row


def _left_out(bank: ReferenceBank, day: date, fact: Fact, loans: list[Row]) -> str | None:
    if fact["loans_in_default"]:
        return "in_default"
    if any(loan["status"] == "written_off" for loan in loans):
        return "written_off"
    if not (fact["in_population"] or fact["accounts_open"] or fact["loans_owed"]):
        return "no_relationship"
    age = fact["age_years"]
    return "minor" if age is not None and age < _number(bank, day, "least_age") else None


def _grown(bank: ReferenceBank, customer: str, month: date, span: int) -> Mapping[str, Any]:
    """What the trail grew by in the last months, this one included."""
    now = bank.trails[customer, month]
    before = bank.trails.get((customer, add_months(month, -span))) or {}
    return {
        name: value - (before.get(name) or 0)
        for name, value in now.items()
        if name.startswith("total_") or name == "days_known"
    }


def _average(grown: Mapping[str, Any], what: str) -> Decimal:
    return to_cents(grown[f"total_{what}_balance_days"] / grown["days_known"])


def _seen(bank: ReferenceBank, period: Period, customer: str, first: date) -> list[Row]:
    """Observations of the loans that are the customer's, from a day on, as known."""
    own = {
        loan
        for (loan, month), row in bank.loans.items()
        if month == period.month and row["customer_key"] == customer
    }
    return [
        row
        for row in bank.deliveries.known("loan_performance", period.judged_on)
        if row["loan_id"] in own and row["month_end"] >= first
    ]


def outcomes(bank: ReferenceBank) -> Table:
    """(customer, month, kind): what credit_outcome_month says."""
    asked = features(bank)
    found: Table = {}
    for period in bank.periods:
        if not period.is_closed:
            continue
        day = period.judged_on
        observed = add_months(period.month, -_number(bank, day, "performance_months"))
        until = add_months(observed, 1 + _number(bank, day, "application_months"))
        for (customer, month), row in asked.items():
            if month != observed or row["population"] == "none":
                continue
            loans = [
                loan
                for (_, at), loan in bank.loans.items()
                if at == period.month and loan["customer_key"] == customer
            ]
            granted = [
                loan["granted_on"]
                for loan in loans
                if loan["granted_on"] and add_months(observed, 1) <= loan["granted_on"] < until
            ]
            if row["population"] == "behavioural" or granted:
                seen = _seen(bank, period, customer, add_months(observed, 1))
                found[customer, period.month, row["population"]] = _paid(bank, day, loans, seen) | {
                    "observed_month": observed,
                    "observed_on": month_end(observed),
                    "granted_on": min(granted) if row["population"] == "application" else None,
                }
    return found


def _paid(bank: ReferenceBank, day: date, loans: list[Row], seen: list[Row]) -> dict[str, Any]:
    worst = max((row["days_past_due"] for row in seen), default=None)
    is_default = any(row["in_default"] for row in seen)
    is_default = is_default or any(loan["status"] == "written_off" for loan in loans)
    is_repaid = bool(loans) and all(loan["status"] == "repaid" for loan in loans)
    if is_default or (worst is not None and worst >= _number(bank, day, "bad_days")):
        outcome = "bad"
    elif worst is not None and worst >= _number(bank, day, "indeterminate_days"):
        outcome = "indeterminate"
    else:
        outcome = "good" if seen or is_repaid else "excluded"
    return {
        "observations": len(seen), "worst_days": worst, "is_default": is_default,
        "is_repaid": is_repaid, "outcome": outcome,
    }  # fmt: skip
