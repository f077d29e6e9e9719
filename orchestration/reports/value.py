"""What customers brought, cost and were worth: read from the published tables alone."""

from __future__ import annotations

from datetime import date

import duckdb
from rich.console import Console

from orchestration.reports.tables import percent, table

_LINES = """
    with newest as (
        select max(month) as month from clv_history
        where customer_key = $key and judged_on <= $day
    )
    select side, component,
        sum(contribution) filter (month = (select month from newest)),
        sum(contribution)
    from contribution_component
    where customer_key = $key and judged_on <= $day
    group by all
    order by side desc, component
"""
_WORTH = """
    select horizon_months, months_counted, income, cost, clv
    from clv_history
    where customer_key = $key and judged_on <= $day
    qualify row_number() over (partition by horizon order by month desc) = 1
    order by horizon_months
"""
# Over the short horizon: some items are booked once a quarter, so a month says little.
_TIERS = """
    select scheme_code, tier_name, customers, income, variable_cost, fixed_cost, cost_income_ratio,
        return_per_customer, case pays_off when true then 'yes' when false then 'no' else '' end
    from tier_cost_return
    where horizon = 'short' and month = (select max(month) from tier_cost_return)
    order by scheme_code, tier_rank
"""
_CONCENTRATION = """
    select horizon_months, customers, contribution, best_customers, best_share, bulk_customers,
        bulk_bound, losing_customers, lost, gini
    from contribution_concentration
    where horizon = 'short' and month = (select max(month) from contribution_concentration)
"""


def print_value(con: duckdb.DuckDBPyConnection, key: int, day: date, console: Console) -> None:
    """Prints the statement of the newest month up to a day, and historical lifetime values."""
    asked = {"key": key, "day": day}
    lines = con.execute(_LINES, asked).fetchall()
    if not lines:
        console.print("Nothing was brought and nothing spent by that day.", highlight=False)
        return
    console.print(
        table(
            "Contribution: income adds, cost takes away",
            ["side", "component", "newest month", "all months"],
            [
                *lines,
                ("", "together", *(sum(row[i] or 0 for row in lines) for i in (2, 3))),
            ],
        )
    )
    columns = ["months", "of them known", "income", "cost", "lifetime value"]
    console.print(
        table("Historical lifetime value", columns, con.execute(_WORTH, asked).fetchall())
    )


def print_returns(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    """Prints what each tier costs of what it brings, and how few customers bring most."""
    rows = [
        (*row, percent(ratio), a_head, pays_off)
        for *row, ratio, a_head, pays_off in con.execute(_TIERS).fetchall()
    ]
    columns = [
        "scheme", "tier", "customers", "income", "variable cost", "fixed cost", "cost of income",
        "return a head", "pays off",
    ]  # fmt: skip
    if rows:
        console.print(
            table("What tiers cost of what they bring", columns, rows, right=["cost of income"])
        )
    for line in _concentration(con):
        console.print(f"  {line}", highlight=False)


def _concentration(con: duckdb.DuckDBPyConnection) -> list[str]:
    row = con.execute(_CONCENTRATION).fetchone()
    if row is None:
        return []
    months, customers, total, best, best_share, bulk, bulk_bound, losing, lost, gini = row
    over = f"over {months} months, or as many as are known; "
    if customers == 1:
        return [over + f"the only customer, with or without a tier, brought {total:,}"]
    lines = [over + f"all {customers:,} customers, with or without a tier, brought {total:,}"]
    if best_share is not None:
        lines.append(
            f"the best {best:,} of them brought {percent(best_share)} of it, and {bulk:,} "
            f"{'was' if bulk == 1 else 'were'} enough for {percent(bulk_bound)}; "
            f"Gini coefficient {gini:.2f}"
        )
    lines.append(
        f"{losing:,} cost {lost:,} more than they brought"
        if losing
        else "nobody cost more than they brought"
    )
    return lines
