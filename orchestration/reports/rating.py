"""The rating card of a company: what state its rating is in, and what every criterion brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb
from rich.console import Console

from orchestration.reports.shown import rows_of
from orchestration.reports.tables import table

_RATED = """
    select month, judged_on, rating, grade, default_probability, model_grade, model_bound, valid_to,
        industry, rated_as, benchmark, trade, year_end, is_audited, quantitative_weight,
        qualitative_weight, total_points
    from rating_month where customer_key = $key and judged_on <= $day
    order by month desc limit 1
"""
# The state first; blocks and points stand in the card.
_SAID = """
    select measure, reason from verdict_explanation
    where customer_key = $key and month = $month and family = 'rating'
        and measure in ('status', 'override', 'knockout', 'outlook')
    order by measure <> 'status', step
"""
_CARD = """
    select part, block, criterion, applies_to, state, value, excellent, good, average, low, poor,
        weight, points, weighted_points, assessor || ' on ' || assessed_on as assessed
    from rating_points where customer_key = $key and month = $month
    order by part desc, list_position(
        ['solvency', 'result', 'operation', 'growth', 'market', 'management', 'business',
            'standing', 'prospects'], block
    ), criterion = 'scaling', criterion
"""
_LEVELS = ("excellent", "good", "average", "low", "poor")
_SUMS = ("weight", "points", "weighted_points")
_NUMBERS = ("weight", "points", "in the total")

Row = dict[str, Any]


def print_rating(con: duckdb.DuckDBPyConnection, key: int, day: date, console: Console) -> None:
    """Prints the card behind the newest rating up to a day; nothing of who is no company.

    `con` reads the published tables.
    """
    found = rows_of(con, _RATED, "", key=key, day=day)
    if not found:
        return
    rated = found[0]
    asked = {"key": key, "month": rated["month"]}
    console.print(f"\nRating: {_state(rated, day)}", style="bold", highlight=False)
    for line in _said(rated, rows_of(con, _SAID, "", **asked)):
        console.print(line, highlight=False)
    for part, rows in groupby(rows_of(con, _CARD, "", **asked), key=lambda row: row["part"]):
        _print_part(part, rated[f"{part}_weight"], list(rows), console)
    if rated["total_points"] is not None:
        console.print(_in_all(rated), highlight=False)


def _state(rated: Row, day: date) -> str:
    """On the day asked about, which may lie after the last one of a grade."""
    if rated["grade"] is None:
        return f"{rated['rating']}, without a grade"
    if rated["valid_to"] <= day:
        return f"expired, without a grade since {rated['valid_to']}"
    return (
        f"rated, {rated['grade']}, probability of default {rated['default_probability']:.2%} a year"
    )


def _said(rated: Row, reasons: Sequence[Row]) -> Iterator[str]:
    lead = {
        "status": f"Judged on {rated['judged_on']}: ",
        "override": f"Overridden, {rated['model_grade']} being the model's: ",
    }
    for row in reasons:
        yield lead.get(row["measure"], "") + row["reason"]
    held = (
        f"{rated['industry'] or 'industry not known'}, held as {rated['rated_as']} "
        f"({rated['trade']}) against benchmarks {rated['benchmark']}"
    )
    audited = "audited" if rated["is_audited"] else "unaudited"
    yield held + (f"; {audited} statement of {rated['year_end']}" if rated["year_end"] else "")


def _print_part(part: str, weight: Decimal, rows: Sequence[Row], console: Console) -> None:
    """Blocks with their sums, and below each what they are made of."""
    is_sheet = part == "qualitative"
    columns = ["criterion", "value", *(() if is_sheet else _LEVELS), *_NUMBERS]
    columns += ["assessed by"] if is_sheet else []
    told = [_summed(f"{part} part", rows, columns)]
    for block, some in groupby(rows, key=lambda row: row["block"]):
        criteria = list(some)
        chosen = "" if is_sheet else f", {criteria[0]['applies_to']} set"
        told.append(_summed(f"{block}{chosen}", criteria, columns))
        told += [_criterion(row, is_sheet) for row in criteria]
    title = f"Rating card: {part} part, which weighs {weight:.0%}"
    right = [name for name in columns if name not in ("criterion", "assessed by")]
    console.print(table(title, columns, told, right=right))


def _summed(name: str, rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    sums = [_plain(sum((row[of] or Decimal(0) for row in rows), Decimal(0))) for of in _SUMS]
    before = columns.index(_NUMBERS[0]) - 1
    return [name, *[""] * before, *sums, *[""] * (len(columns) - before - 1 - len(sums))]


def _criterion(row: Row, is_sheet: bool) -> list[str]:
    """Its value where it is measured, and else its state."""
    is_plain = row["state"] in ("measured", "scaled")
    value = " ".join(filter(None, [_plain(row["value"]), "" if is_plain else row["state"]]))
    levels = () if is_sheet else [_plain(row[level]) for level in _LEVELS]
    sums = [_plain(row[of]) for of in _SUMS]
    source = [row["assessed"] or ""] if is_sheet else []
    return [f"  {row['criterion']}", value, *levels, *sums, *source]


def _in_all(rated: Row) -> str:
    total = f"{_plain(rated['total_points'])} points in all"
    if rated["grade"] is None:
        return f"{total}, which make no grade."
    bound = rated["model_bound"]
    begins = f", which begins at {_plain(bound)}." if bound else ", the lowest grade."
    return f"{total}: by the model {rated['model_grade']}{begins}"


def _plain(number: Decimal | None) -> str:
    """Without noughts at its end; nothing for nothing."""
    if number is None:
        return ""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
