"""Facts that are carried from month to month: loans, and what a customer's trail adds up.

Part of the facts gate. Only the window's months and the one before them are read.
"""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.window import in_months, literal, month_before, months
from orchestration.state import Window

# Totals of the trail, what of a customer's month they add up, and the unit.
TRAIL = (
    ("own_transactions", "own_transactions + late_own_transactions", "transactions"),
    (
        "turnover",
        "inflow + late_inflow + outflow + late_outflow",
        "reporting currency",
    ),
    ("income", "income + late_income", "reporting currency"),
    ("cost", "cost + late_cost", "reporting currency"),
    (
        "deposit_balance_days",
        "demand_balance_days + time_deposit_balance_days",
        "reporting currency x days",
    ),
)


def probes(window: Window) -> list[Probe]:
    """What is carried stays, and grows by what the month brought."""
    return [_loans(window), _trail(window)]


def _loans(window: Window) -> Probe:
    """Loans of known and unknown borrowers against customers' months, and against the gate before:
    a loan that was observed keeps its last observation."""
    ctes = {
        "months": months(window),
        "by_loan": "select month, count(*) as loans, sum(outstanding) "
        "filter (status is distinct from 'repaid') as outstanding from facts.int_loan_month "
        f"where month >= {literal(month_before(window))} and month < {literal(window.end)} "
        "group by month",
        "by_customer": "select month, sum(loan_outstanding) as outstanding "
        f"from facts.fct_customer_month where {in_months('month', window)} group by month",
        "paired": "select month, coalesce(l.outstanding, 0) as loan_outstanding, "
        "coalesce(c.outstanding, 0) as outstanding, coalesce(l.loans, 0) as loans, "
        "coalesce(before.loans, 0) as loans_before from months "
        "left join by_loan as l using (month) left join by_customer as c using (month) "
        "left join by_loan as before "
        "on before.month = cast(months.month - interval 1 month as date)",
    }
    checks = (
        Check(
            "loans_kept",
            "int_loan_month",
            "error",
            "loans",
            "A loan that was observed keeps its newest observation month after month; none may "
            "drop out.",
            value="coalesce(max(greatest(loans_before - loans, 0)), 0)",
            sample="select month, loans_before, loans from paired where loans < loans_before "
            "order by month",
        ),
        Check(
            "outstanding_equal_loans",
            "fct_customer_month",
            "error",
            "reporting currency",
            "What customers owe on loans adds up to what is outstanding of loans that are not "
            "repaid, to the cent.",
            value="coalesce(max(abs(outstanding - loan_outstanding)), 0)",
            failing="count(*) filter (outstanding <> loan_outstanding)",
            sample="select month, outstanding, loan_outstanding from paired "
            "where outstanding <> loan_outstanding order by month",
        ),
    )
    return Probe("paired", checks, ctes)


def _trail(window: Window) -> Probe:
    """The window's months of all trails together: what a month adds to the totals before it."""
    totals = ", ".join(f"sum(total_{name}) as {name}" for name, _, _ in TRAIL)
    flows = ", ".join(f"sum({flow}) as {name}" for name, flow, _ in TRAIL)
    moved = ", ".join(
        f"coalesce(t.{name}, 0) as {name}, coalesce(before.{name}, 0) as {name}_before, "
        f"coalesce(f.{name}, 0) as {name}_added"
        for name, _, _ in TRAIL
    )
    ctes = {
        "months": months(window),
        "trails": "select month, count(*) as customers, "
        "count(*) - count(distinct customer_key) as repeated, "
        f"{totals} from facts.fct_customer_trail "
        f"where month >= {literal(month_before(window))} and month < {literal(window.end)} "
        "group by month",
        # Key 0, rows that belong to nobody, has no trail.
        "facts": f"select month, {flows} from facts.fct_customer_month "
        f"where {in_months('month', window)} and customer_key <> 0 group by month",
        "expected": "select month, customer_key from facts.fct_customer_month "
        f"where {in_months('month', window)} and customer_key <> 0 "
        "union select month, customer_key from months cross join ("
        "select customer_key from facts.fct_customer_trail "
        f"where month = {literal(month_before(window))})",
        "dropped": "select month, customer_key from expected anti join "
        "facts.fct_customer_trail using (month, customer_key)",
        "moved": "select months.month, coalesce(t.repeated, 0) as repeated, "
        f"{moved} from months left join trails as t using (month) "
        "left join facts as f using (month) left join trails as before "
        "on before.month = cast(months.month - interval 1 month as date)",
    }
    return Probe("moved", (*_trail_rows(), *map(_trail_total, TRAIL)), ctes)


def _trail_rows() -> list[Check]:
    return [
        Check(
            "one_row_per_trail",
            "fct_customer_trail",
            "error",
            "rows",
            "One row per customer and month: a second one doubles all that follows it.",
            value="coalesce(sum(repeated), 0)",
            sample="select month, customer_key, count(*) as rows from facts.fct_customer_trail "
            "where month in (select month from months) group by month, customer_key "
            "having count(*) > 1 order by month, customer_key",
        ),
        Check(
            "trails_kept",
            "fct_customer_trail",
            "error",
            "rows",
            "Who has a trail keeps it month after month, and who has a fact has a trail: a gap "
            "would make a window of months too small.",
            value="(select count(*) from dropped)",
            sample="select month, customer_key from dropped order by month, customer_key",
        ),
    ]


def _trail_total(total: tuple[str, str, str]) -> Check:
    name, _, unit = total
    apart = f"{name} <> {name}_before + {name}_added"
    return Check(
        f"{name}_add_up",
        "fct_customer_trail",
        "error",
        unit,
        "The totals of all trails grow by what the month brought, late rows included.",
        value=f"coalesce(max(abs({name} - {name}_before - {name}_added)), 0)",
        failing=f"count(*) filter ({apart})",
        sample=f"select month, {name}_before, {name}_added, {name} from moved where {apart} "
        "order by month",
    )
