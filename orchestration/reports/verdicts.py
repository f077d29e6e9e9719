"""What else is said of a customer beside the tiers: every verdict, why, and what moved."""

from __future__ import annotations

from datetime import date

import duckdb
from rich.console import Console

from orchestration.reports.tables import table

_JUDGED = """
    select max(month), max(judged_on) from customer_month
    where customer_key = ? and judged_on <= ?
"""
# Tiers have lines of their own, with their history.
_WHY = """
    select family, verdict, policy_version, string_agg(reason, chr(10) order by step)
    from (
        select family, verdict, policy_version, reason, min(step) as step
        from verdict_explanation
        where customer_key = ? and month = ?
            and family not in (select scheme_code from tier_distribution)
        group by all
    )
    group by all
"""
_MOVED = """
    select strftime(month, '%Y-%m'), family, from_verdict, to_verdict
    from verdict_change
    where customer_key = $key and month <= $month and month > $month - to_months($months)
        and from_verdict <> 'entered'
    union all
    select strftime(month, '%Y-%m'), scheme_code, coalesce(tier_before, ''), coalesce(tier, change)
    from tier_changes
    where customer_key = $key and month <= $month and month > $month - to_months($months)
        and change <> 'new'
    order by all
"""


def print_verdicts(
    con: duckdb.DuckDBPyConnection, key: int, day: date, months: int, console: Console
) -> None:
    """Prints the verdicts of the newest judgement up to a day, and what moved in the months to it.

    `con` reads the published tables; `months` counts from the month of that judgement back.
    """
    judged = con.execute(_JUDGED, [key, day]).fetchone()
    if judged is None or judged[0] is None:
        console.print(
            "No stage, star grade, cell of value or segment by that day.", highlight=False
        )
        return
    month, judged_on = judged
    side_by_side = [name for name, *_ in con.execute("from customer_month limit 0").description]
    rows = con.execute(_WHY, [key, month]).fetchall()
    rows.sort(key=lambda row: side_by_side.index(row[0]))
    columns = ["family", "verdict", "policy", "because"]
    console.print()
    console.print(
        table(
            f"Stage, star grade, value, rating and segments, judged on {judged_on}",
            columns,
            rows,
            lines=True,
        )
    )
    moved = con.execute(_MOVED, {"key": key, "month": month, "months": months}).fetchall()
    if moved:
        title = f"What moved in the {months} month(s) to {month:%Y-%m}"
        console.print(table(title, ["month", "family", "from", "to"], moved))
