"""Customers: every verdict of everybody side by side, and movements that balance."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.same_people import same_people
from expectations.window import in_months, literal, month_before
from orchestration.state import Window

SEGMENTS = (
    "behaviour", "value_loyalty", "preference", "abc", "satisfaction", "age_band", "novelty",
    "customer_type", "region", "area", "income_band", "strategic_group",
)  # fmt: skip
# Families of customer_month apart from tiers, which have checks of their own: the table that judges
# and its column. A test holds them to the macro verdict_families.
FAMILIES = {
    "stage": ("lifecycle_month", "stage"),
    "decline_cause": ("lifecycle_month", "decline_cause"),
    "star_grade": ("star_month", "grade"),
    "value_cell": ("value_matrix_month", "cell"),
    # Companies only: everybody else has the verdict that this table gives them.
    "rating": ("customer_month", "rating"),
    **{scheme: ("segment_month", scheme) for scheme in SEGMENTS},
}
JUDGED = ("lifecycle_month", "star_month", "value_matrix_month", "segment_month")


def customer_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    return [*(_same_people(window, table) for table in JUDGED), _movement(window), _cross(window)]


def _same_people(window: Window, table: str) -> Probe:
    return same_people(
        window,
        f"same_people_as_{table}",
        "marts.customer_month",
        f"marts.{table}",
        "Every family judges the same customers, and each of them stands here once.",
    )


def _movement(window: Window) -> Probe:
    """Per family, closed month and verdict: rows add to the opening, columns to the closing."""
    since = f"month >= {literal(month_before(window))} and month < {literal(window.end)}"
    counts = " union all ".join(
        f"select '{family}' as family, month, {verdict} as verdict, count(*) as customers "
        f"from marts.{table} where is_closed and {since} group by all"
        for family, (table, verdict) in FAMILIES.items()
    )
    ctes = {
        "counts": counts,
        "moves": f"select * from marts.verdict_movement where {in_months('month', window)}",
        "closed": f"select distinct month from counts where {in_months('month', window)}",
        "sides": "select family, month, from_verdict as verdict, sum(customers) as outflow, "
        "0 as inflow, 0 as opening, 0 as closing from moves where from_verdict <> 'entered' "
        "group by all union all select family, month, to_verdict, 0, sum(customers), 0, 0 "
        "from moves where to_verdict <> 'left' group by all union all "
        f"select family, month, verdict, 0, 0, 0, customers from counts "
        f"where {in_months('month', window)} union all "
        "select family, cast(month + interval 1 month as date), verdict, 0, 0, customers, 0 "
        "from counts semi join closed "
        "on closed.month = cast(counts.month + interval 1 month as date)",
        "verdicts": "select family, month, verdict, sum(opening) as opening, "
        "sum(outflow) as outflow, sum(inflow) as inflow, sum(closing) as closing "
        "from sides group by all",
        "changed": "select family, month, count(*) as changes from marts.verdict_change "
        f"where {in_months('month', window)} group by all",
        "moved": "select family, month, sum(customers) as customers from moves "
        "where from_verdict <> to_verdict "
        "and month > (select min(month) from marts.customer_month) group by all",
        "told": "select family, month, coalesce(changes, 0) as changes, "
        "coalesce(customers, 0) as movers from changed full outer join moved "
        "using (family, month)",
    }
    unbalanced = "opening <> outflow or closing <> inflow"
    checks = (
        Check(
            "movements_balance",
            "verdict_movement",
            "error",
            "unbalanced verdicts",
            "Per family, month and verdict: opening + in - out = closing.",
            value=f"count(*) filter ({unbalanced})",
            sample=f"select * from verdicts where {unbalanced} order by family, month, verdict",
        ),
        Check(
            "every_move_is_told",
            "verdict_change",
            "error",
            "families and months",
            "Whoever moved stands in the list of changes once, with a reason.",
            value="(select count(*) from told where changes <> movers)",
            sample="select * from told where changes <> movers order by family, month",
        ),
    )
    return Probe("verdicts", checks, ctes)


def _cross(window: Window) -> Probe:
    ctes = {
        "people": "select month, count(*) as customers, sum(assets) as assets "
        f"from marts.customer_month where {in_months('month', window)} group by month",
        "crossed": "select month, sum(customers) as customers, sum(assets) as assets "
        f"from marts.customer_cross where {in_months('month', window)} group by month",
        "paired": "select month, coalesce(p.customers, 0) as customers, "
        "coalesce(c.customers, 0) as in_cross_table, coalesce(p.assets, 0) as assets, "
        "coalesce(c.assets, 0) as assets_in_cross_table "
        "from people as p full outer join crossed as c using (month)",
    }
    wrong = "customers <> in_cross_table or assets <> assets_in_cross_table"
    check = Check(
        "cross_table_adds_up",
        "customer_cross",
        "error",
        "wrong months",
        "The cells of the cross table add up to all customers and their assets.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by month",
    )
    return Probe("paired", (check,), ctes)
