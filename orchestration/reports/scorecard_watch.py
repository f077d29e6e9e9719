"""How scorecards in use do, month by month: a table and pictures, from what fits keep of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Any

import duckdb
from rich.console import Console

from orchestration.reports.chart import Line, Panel, Point, as_markdown, svg
from orchestration.reports.tables import table

_CARDS = "select distinct card from {schema}scorecard_monitor order by card"
_MONTHS = """
    select month,
        max(customers) filter (measure = 'unscored_share'),
        max(value) filter (measure = 'unscored_share'),
        max(value) filter (measure = 'psi'),
        max(value) filter (measure = 'csi'),
        max_by(feature, value) filter (measure = 'csi'),
        max(observed_month) filter (measure = 'bad_rate'),
        max(customers) filter (measure = 'bad_rate'),
        max(value) filter (measure = 'promised_rate'),
        max(value) filter (measure = 'bad_rate'),
        max(value) filter (measure = 'auc'),
        max(low) filter (measure = 'auc'),
        max(high) filter (measure = 'auc'),
        max(value) filter (measure = 'ks')
    from {schema}scorecard_monitor
    where card = ?
    group by month
    order by month
"""
_GRADES = """
    select grade, sum(goods), sum(bads), sum(promised * (goods + bads)) / sum(goods + bads)
    from {schema}{grades}
    where card = ? and goods + bads > 0
    group by grade, place
    order by place
"""
_ACCEPTED = """
    select grade, customers, sum(customers) over (order by place) / sum(customers) over ()
    from {schema}{grades}
    where card = $card and month = (
        select max(month) from {schema}{grades} where card = $card and customers > 0
    )
    order by place
"""
# More months than these would be written into each other.
_LABELS = 4
_HEADER = ["month", "scored", "no score", "PSI", "CSI", "most moved", "of", "known", "promised",
           "bad", "AUC", "95 %", "KS"]  # fmt: skip


def watched_cards(con: duckdb.DuckDBPyConnection, schema: str = "") -> list[str]:
    """Cards of which something is kept."""
    return [card for (card,) in con.execute(_CARDS.format(schema=schema)).fetchall()]


def print_watched(con: duckdb.DuckDBPyConnection, card: str, console: Console) -> None:
    """Prints a card's months, its classes as they paid, and what a cut at each would refuse."""
    months = con.execute(_MONTHS.format(schema=""), [card]).fetchall()
    console.print(table(card, _HEADER, [_month(row) for row in months]))
    names = {"schema": "", "grades": "scorecard_grade_month"}
    paid = con.execute(_GRADES.format(**names), [card]).fetchall()
    if paid:
        rows = [[grade, goods, bads, _share(told), _share(bads / (goods + bads))]
                for grade, goods, bads, told in paid]  # fmt: skip
        console.print(table("How classes paid", ["class", "good", "bad", "promised", "bad"], rows))
    accepted = con.execute(_ACCEPTED.format(**names), {"card": card}).fetchall()
    if accepted:
        rows = [[grade, customers, _share(1 - share)] for grade, customers, share in accepted]
        console.print(table("Cut after a class", ["class", "customers", "refused"], rows))


def _month(row: Sequence[Any]) -> list[object]:
    month, scored, unscored, psi, csi, moved, observed, known, promised, bad, *ranking = row
    auc, low, high, ks = ranking
    return [
        _at(month), scored, _share(unscored), _index(psi), _index(csi), moved if csi else "",
        _at(observed), known, _share(promised), _share(bad), _index(auc),
        "" if low is None else f"{low:.3f} to {high:.3f}", _index(ks),
    ]  # fmt: skip


def _at(month: date | None) -> str:
    return "" if month is None else f"{month:%Y-%m}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _index(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def watched_chart(con: duckdb.DuckDBPyConnection, card: str, fits: bool = False) -> str:
    """Stability, ranking, promises and classes over time, as one picture; `fits`: read the
    warehouse's own tables and not the published ones."""
    schema = "fits." if fits else ""
    months = con.execute(_MONTHS.format(schema=schema), [card]).fetchall()
    names = {"schema": schema, "grades": "scorecard_grade" if fits else "scorecard_grade_month"}
    paid = con.execute(_GRADES.format(**names), [card]).fetchall()
    grades = [grade for grade, *_ in paid]
    panels = [
        _over_time("Stability index", months, {"classes": 3, "most moved": 4}, "{:.2f}"),
        _over_time("Ranking", months, {"AUC": 10, "KS": 13}, "{:.2f}"),
        _over_time("Bad outcomes", months, {"promised": 8, "happened": 9}, "{:.0%}"),
        Panel(
            "Classes: bad outcomes",
            "class",
            [
                Line("promised", [(at, row[3]) for at, row in enumerate(paid)]),
                Line("happened", [(at, row[2] / (row[1] + row[2])) for at, row in enumerate(paid)]),
            ],
            x_label=lambda at: grades[int(at)],
            y_label="{:.0%}".format,
            every_x=True,
        ),
        Panel(
            "ROC by class: bad ones refused",
            "good ones refused, %",
            [Line("outcomes", _refused(paid))],
        ),
    ]
    # Before any outcome is known there is nothing to draw of them.
    drawn = [panel for panel in panels if all(line.points for line in panel.lines)]
    return svg(f"Card {card} in use", drawn)


def _refused(paid: Sequence[Sequence[Any]]) -> list[Point]:
    """Per cent of good and bad ones that a cut before each class would refuse, worst first."""
    goods, bads = (sum(row[at] for row in paid) for at in (1, 2))
    if not goods or not bads:
        return []
    worst_first = list(reversed(paid))
    refused = zip(
        accumulate(row[1] for row in worst_first),
        accumulate(row[2] for row in worst_first),
        strict=True,
    )
    return [
        (0.0, 0.0),
        *((float(100 * good / goods), float(100 * bad / bads)) for good, bad in refused),
    ]


def _over_time(
    title: str, months: Sequence[Sequence[Any]], columns: dict[str, int], label: str
) -> Panel:
    lines = [
        Line(name, [(float(at), float(row[column])) for at, row in enumerate(months)
                    if row[column] is not None])
        for name, column in columns.items()
    ]  # fmt: skip
    drawn = [at for line in lines for at, _ in line.points] or [0.0]
    first, apart = min(drawn), math.ceil((max(drawn) - min(drawn) + 1) / _LABELS)
    return Panel(
        title,
        "month",
        lines,
        x_label=lambda at: "" if (at - first) % apart else _at(months[round(at)][0]),
        y_label=label.format,
    )


def watched_in_markdown(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A picture of each card in use, for Dagster."""
    return {
        card: as_markdown(watched_chart(con, card, fits=True), f"{card} in use")
        for card in watched_cards(con, "fits.")
    }
