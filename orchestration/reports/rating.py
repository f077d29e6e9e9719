"""The rating card of a company: every indicator and item, and what it brought."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
from rich.console import Console

from orchestration.reports.tables import table

_RATED = """
    select month, judged_on, rating, outlook, industry, rated_as, benchmark, trade, year_end,
        is_audited, valid_to, total_points
    from rating_month where customer_key = ? and judged_on <= ?
    order by month desc limit 1
"""
_CARD = """
    select block, criterion || if(state in ('measured', 'scaled'), '', ' (' || state || ')'),
        value, excellent, poor, weight, points, weighted_points,
        coalesce(assessor || ' on ' || assessed_on, applies_to, '')
    from rating_points where customer_key = ? and month = ?
    order by part desc, list_position(
        ['solvency', 'result', 'operation', 'growth', 'market', 'management', 'business',
            'standing', 'prospects'], block
    ), criterion = 'scaling', criterion
"""
_NUMBERS = ["value", "excellent", "poor", "weight", "points", "in the total"]


def print_rating(con: duckdb.DuckDBPyConnection, key: int, day: date, console: Console) -> None:
    """Prints the card behind the newest rating up to a day; nothing of who is no company.

    `con` reads the published tables.
    """
    rated = con.execute(_RATED, [key, day]).fetchone()
    if rated is None:
        return
    month, judged_on, rating, outlook, industry, rated_as, benchmark, trade, *rest = rated
    year_end, is_audited, valid_to, total = rest
    said = [f"Rating on {judged_on}: {rating}"]
    said += [f"outlook {outlook}"] if outlook else []
    said += [f"valid up to, and without, {valid_to}"] if valid_to else []
    said.append(
        f"{industry or 'industry not known'}, held as {rated_as} ({trade}) against benchmarks "
        f"{benchmark}"
    )
    if year_end:
        said.append(f"{'audited' if is_audited else 'unaudited'} statement of {year_end}")
    console.print(f"\n{'; '.join(said)}", highlight=False)
    rows = [
        (block, criterion, *(_plain(number) for number in numbers), source)
        for block, criterion, *numbers, source in con.execute(_CARD, [key, month]).fetchall()
    ]
    title = "Rating card" + (f", {_plain(total)} points in all" if total is not None else "")
    columns = ["block", "criterion", *_NUMBERS, "set, or who assessed it"]
    console.print(table(title, columns, rows, right=_NUMBERS))


def _plain(number: Decimal | None) -> str:
    """Without noughts at its end; nothing for nothing."""
    if number is None:
        return ""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
