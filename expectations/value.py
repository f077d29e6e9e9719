"""The marts gate's part of value: statements add up, go on, and cover everybody."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.same_people import same_people
from expectations.window import in_months, literal, month_before
from orchestration.state import Window

CLASSES = ("demand", "time_deposit", "wealth", "fund", "insurance", "bond", "loan", "card")
INCOME = (
    "spread_deposit", *(f"spread_{name}" for name in CLASSES),
    "fee", "card", "agency", "intermediary",
)  # fmt: skip
COST = ("service", "acquisition", "maintenance", "expected_loss")
REWARDS = ("points", "referral")


def value_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    return [_statements(window), _everybody(window), _totals(window)]


def _statements(window: Window) -> Probe:
    """One pass over the window's statements, each beside the one before."""
    rewards = " + ".join(REWARDS)
    literally = "rewards_choice = 'seed_literal'"
    ctes = {
        "statements": "select *, lag(month) over of_customer as month_before, "
        "lag(total_income) over of_customer as income_before, "
        "lag(total_cost) over of_customer as cost_before, "
        "lag(total_fixed_cost) over of_customer as fixed_cost_before from marts.contribution_month "
        f"where month >= {literal(month_before(window))} and month < {literal(window.end)} "
        "window of_customer as (partition by customer_key order by month)",
        "checked": "select customer_key, month, income, cost, contribution, total_income, "
        f"total_cost, fixed_cost, total_fixed_cost, {_fixed()} as fixed_added, "
        f"{' + '.join(INCOME)} + case when {literally} then {rewards} else 0 end "
        f"as income_added, {' + '.join(COST)} + case when {literally} then 0 else {rewards} end "
        "as cost_added, months_known > 1 and month_before is not null as goes_on, "
        "total_income - income is distinct from income_before "
        "or total_cost - cost is distinct from cost_before "
        "or total_fixed_cost - fixed_cost is distinct from fixed_cost_before as breaks_off "
        f"from statements where {in_months('month', window)}",
    }
    wrong = (
        "(income <> income_added or cost <> cost_added or contribution <> income - cost "
        "or fixed_cost <> fixed_added)"
    )
    broken = "goes_on and breaks_off"
    checks = (
        Check(
            "components_re_add",
            "contribution_month",
            "error",
            "customer months",
            "Components re-add to income, cost and contribution to the cent, rewards on the side "
            "and fixed cost as policy says.",
            value=f"count(*) filter ({wrong})",
            sample="select customer_key, month, income, income_added, cost, cost_added, "
            "fixed_cost, fixed_added, contribution "
            f"from checked where {wrong} order by month, customer_key",
        ),
        Check(
            "totals_go_on",
            "contribution_month",
            "error",
            "customer months",
            "What is added up so far is what was by the month before, and the month.",
            value=f"count(*) filter ({broken})",
            sample="select customer_key, month, income, total_income, cost, total_cost, "
            "fixed_cost, total_fixed_cost "
            f"from checked where {broken} order by month, customer_key",
        ),
    )
    return Probe("checked", checks, ctes)


def _fixed() -> str:
    """Of the cost, the components that the month's policy called fixed."""
    parts = [f"case when {name}_cost_choice = 'fixed' then {name} else 0 end" for name in COST]
    rewards = [
        f"case when {name}_cost_choice = 'fixed' and rewards_choice = 'cost' then {name} else 0 end"
        for name in REWARDS
    ]
    return " + ".join([*parts, *rewards])


def _everybody(window: Window) -> Probe:
    return same_people(
        window,
        "everybody_has_a_statement",
        "marts.contribution_month",
        "facts.fct_customer_trail",
        "Everybody of whom anything is known has one statement a month, also of nothing, so that "
        "statements add up to the bank.",
    )


def _totals(window: Window) -> Probe:
    """Every dimension of the totals adds up to all statements."""
    ctes = {
        "statements": "select month, sum(contribution) as contribution "
        f"from marts.contribution_month where {in_months('month', window)} group by month",
        "dimensions": "select month, dimension, sum(contribution) as added "
        f"from marts.contribution_total where {in_months('month', window)} group by all",
        "named": "select unnest(['bank', 'branch', 'product_class']) as dimension",
        "paired": "select month, dimension, coalesce(added, 0) as added, contribution "
        "from statements cross join named left join dimensions using (month, dimension)",
    }
    check = Check(
        "totals_add_up",
        "contribution_total",
        "error",
        "dimensions and months",
        "Branches and classes of products add up to the bank, and the bank to its customers.",
        value="count(*) filter (added <> contribution)",
        sample="select * from paired where added <> contribution order by month, dimension",
    )
    return Probe("paired", (check,), ctes)
