"""Deliveries about companies: statements that cannot be right, decisions that decide nothing."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.window import in_window
from orchestration.state import Window

# What a company has, owes, sells or pays is not below nought; a wrong sign would rate it best.
_NOT_NEGATIVE = (
    "total_assets", "current_assets", "inventory", "receivables", "total_liabilities",
    "current_liabilities", "interest_bearing_debt", "sales", "interest_expense",
)  # fmt: skip
# Statements in thousands do not add up to the unit.
_ROUNDED = 0.01


def company_probes(window: Window) -> list[Probe]:
    """What staging says of statements and of decisions about ratings."""
    return [_statements(window), _decisions(window)]


def _statements(window: Window) -> Probe:
    negative = " or ".join(f"{item} < 0" for item in _NOT_NEGATIVE)
    unequal = f"abs(total_assets - total_liabilities - equity) > {_ROUNDED} * abs(total_assets)"
    checks = (
        Check(
            "statement_signs",
            "stg_financial_statements",
            "warn",
            "rows",
            f"Below nought in one of {', '.join(_NOT_NEGATIVE)}: a sign that the extract turns "
            "round would bring the company best points. The row counts as it stands until a "
            "correction is delivered.",
            value=f"count(*) filter ({negative})",
            sample=f"select customer_key, year_end from window_rows where {negative} order by all",
        ),
        Check(
            "statement_balances",
            "stg_financial_statements",
            "warn",
            "rows",
            f"Assets differ from liabilities and equity by more than {_ROUNDED:.0%} of them: one "
            "of the three is not what the company stated. The row counts as it stands until a "
            "correction is delivered.",
            value=f"count(*) filter ({unequal})",
            sample="select customer_key, year_end, total_assets, total_liabilities, equity "
            f"from window_rows where {unequal} order by all",
        ),
    )
    rows = (
        f"select customer_key, year_end, equity, {', '.join(_NOT_NEGATIVE)} "
        f"from staging.stg_financial_statements where {in_window('known_on', window)}"
    )
    return Probe("window_rows", checks, {"window_rows": rows})


def _decisions(window: Window) -> Probe:
    saying_nothing = (
        "((kind = 'override' and grade is null) or (kind = 'outlook' and outlook is null)) "
        "and expires_on is distinct from decided_on"
    )
    check = Check(
        "decisions_decide",
        "stg_rating_decisions",
        "warn",
        "rows",
        "An override without a grade, or an outlook without one, changes nothing, and ends the one "
        "before: deliver it with what was decided, or with the day that it was decided on as its "
        "end where it was meant to end the one before.",
        value=f"count(*) filter ({saying_nothing})",
        sample="select customer_key, decided_on, kind from window_rows "
        f"where {saying_nothing} order by all",
    )
    rows = (
        "select customer_key, decided_on, kind, grade, outlook, expires_on "
        f"from staging.stg_rating_decisions where {in_window('known_on', window)}"
    )
    return Probe("window_rows", (check,), {"window_rows": rows})
