"""What a customer brought and cost, and was worth: read from the published tables alone."""

from __future__ import annotations

from datetime import date

import duckdb
from rich.console import Console

from orchestration.reports.tables import table

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
