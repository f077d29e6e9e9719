"""How scorecards in use do, month by month: tables and pictures, from what is kept of them.

`schema` is where the tables stand: none in the published version.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Any

import duckdb
from rich.console import Console

from orchestration.publish.reader import open_published
from orchestration.publish.versions import current_name
from orchestration.reports.chart import Line, Panel, Point, as_markdown, svg
from orchestration.reports.scorecard_charts import CHANCE
from orchestration.reports.shown import rows_of
from orchestration.reports.tables import table
from orchestration.settings import Settings

_CARDS = "select distinct card from {schema}scorecard_monitor order by card"
_NAME = """
    case measure when 'psi' then 'PSI' when 'csi' then 'CSI of ' || feature
        when 'unscored_share' then 'no score' when 'rate_error' then 'bad ones against promised'
        when 'auc' then 'AUC' end
"""
_MONTHS = f"""
    select month,
        max(customers) filter (measure = 'unscored_share') as scored,
        max(value) filter (measure = 'unscored_share') as unscored,
        max(value) filter (measure = 'psi') as psi,
        max(value) filter (measure = 'csi') as csi,
        max_by(feature, value) filter (measure = 'csi' and value > 0) as moved,
        max(bound) filter (measure in ('psi', 'csi')) as most_drift,
        max(observed_month) filter (measure = 'bad_rate') as observed,
        max(customers) filter (measure = 'bad_rate') as known,
        max(value) filter (measure = 'promised_rate') as promised,
        max(value) filter (measure = 'bad_rate') as bad,
        max(value) filter (measure = 'auc') as auc,
        max(low) filter (measure = 'auc') as low,
        max(high) filter (measure = 'auc') as high,
        max(bound) filter (measure = 'auc') as least_auc,
        max(value) filter (measure = 'ks') as ks,
        string_agg({_NAME}, ', ' order by measure, value desc)
            filter (is_beyond and observed_month = month) as moved_beyond,
        string_agg({_NAME}, ', ' order by measure) filter (is_beyond and observed_month < month)
            as outcome_beyond
    from {{schema}}scorecard_monitor
    where card = $card
    group by month
    order by month
"""
_GRADES = """
    select grade, sum(goods) as goods, sum(bads) as bads,
        sum(promised * (goods + bads)) / sum(goods + bads) as promised
    from {schema}scorecard_grade_month
    where card = $card and goods + bads > 0
    group by grade, place
    order by place
"""
_ACCEPTED = """
    select month, grade, customers,
        1 - sum(customers) over (order by place) / sum(customers) over () as refused
    from {schema}scorecard_grade_month
    where card = $card and month = (
        select max(month) from {schema}scorecard_grade_month where card = $card and customers > 0
    )
    order by place
"""
_ALARMS = f"""
    select card, string_agg({_NAME}, ', ' order by measure, value desc) as beyond
    from scorecard_monitor
    where is_beyond and month = (select max(month) from scorecard_monitor)
    group by card
"""
_HAS_BOUNDS = """
    select 1 from information_schema.columns
    where table_name = 'scorecard_monitor' and column_name = 'is_beyond'
"""
# More months than these would be written into each other.
_LABELS = 4
_MOVED = ["month", "scored", "no score", "PSI", "CSI", "most moved", "beyond its bound"]
_CAME = ["month scored", "known in", "outcomes", "promised", "bad", "AUC", "95 %", "KS",
         "beyond its bound"]  # fmt: skip

Row = dict[str, Any]


def watched_cards(con: duckdb.DuckDBPyConnection, schema: str = "") -> list[str]:
    """Cards of which something is kept."""
    return [row["card"] for row in rows_of(con, _CARDS, schema)]


def published_alarms(settings: Settings) -> dict[str, str]:
    """Card -> what was beyond the bounds of policy in the newest month that is published."""
    if current_name(settings.published_dir) is None:
        return {}
    with open_published(settings.published_dir) as con:
        # A version of an earlier release tells no bounds.
        return dict(con.execute(_ALARMS).fetchall()) if con.execute(_HAS_BOUNDS).fetchone() else {}


def print_watched(con: duckdb.DuckDBPyConnection, card: str, console: Console) -> None:
    """Prints a card's months, its classes as they paid, and what a cut at each would refuse."""
    months = rows_of(con, _MONTHS, "", card=card)
    console.print(
        table(f"{card}: whom it scores", _MOVED, [_moved(row) for row in months], right=_MOVED[2:5])
    )
    came = [_came(row) for row in months if row["observed"]]
    if came:
        console.print(table("What came of those it scored", _CAME, came, right=_CAME[3:6]))
    paid = rows_of(con, _GRADES, "", card=card)
    if paid:
        columns = ["class", "good", "bad", "promised", "rate of bad ones"]
        rows = [[row["grade"], row["goods"], row["bads"], _share(row["promised"]),
                 _share(_bad_rate(row))] for row in paid]  # fmt: skip
        caption = "months of borrowers: of neighbouring ones most outcomes are the same"
        console.print(table("How classes paid", columns, rows, caption, right=columns[3:]))
    accepted = rows_of(con, _ACCEPTED, "", card=card)
    if accepted:
        columns = ["last class accepted", "customers", "refused", "accepted went bad",
                   "good ones refused"]  # fmt: skip
        title = f"Cut after a class, by scores of {accepted[0]['month']:%Y-%m} and all outcomes"
        console.print(table(title, columns, _cuts(accepted, paid), right=columns[2:]))


def _moved(row: Row) -> list[object]:
    return [
        _at(row["month"]), row["scored"], _share(row["unscored"]), _index(row["psi"]),
        _index(row["csi"]), row["moved"], row["moved_beyond"],
    ]  # fmt: skip


def _came(row: Row) -> list[object]:
    return [
        _at(row["observed"]), _at(row["month"]), row["known"], _share(row["promised"]),
        _share(row["bad"]), _index(row["auc"]),
        "" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}",
        _index(row["ks"]), row["outcome_beyond"],
    ]  # fmt: skip


def _cuts(accepted: Sequence[Row], paid: Sequence[Row]) -> list[list[object]]:
    """Of each class: who is refused with those below, and what is known of both sides."""
    outcomes = {row["grade"]: (row["goods"], row["bads"]) for row in paid}
    goods, bads = (list(accumulate(outcomes.get(row["grade"], (0, 0))[of] for row in accepted))
                   for of in (0, 1))  # fmt: skip
    return [
        [
            row["grade"], row["customers"], _share(row["refused"]),
            _share(bads[at] / (goods[at] + bads[at])) if goods[at] + bads[at] else "",
            _share(1 - goods[at] / goods[-1]) if goods[-1] else "",
        ]
        for at, row in enumerate(accepted)
    ]  # fmt: skip


def _bad_rate(row: Row) -> float:
    return float(row["bads"] / (row["goods"] + row["bads"]))


def _at(month: date | None) -> str:
    return "" if month is None else f"{month:%Y-%m}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _index(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def watched_chart(con: duckdb.DuckDBPyConnection, card: str, schema: str = "") -> str:
    """Stability, ranking, promises and classes over time, as one picture, with their bounds."""
    months = rows_of(con, _MONTHS, schema, card=card)
    paid = rows_of(con, _GRADES, schema, card=card)
    panels = [
        _over_time(
            "Stability index", "month", months, {"PSI of classes": "psi", "largest CSI": "csi"},
            "{:.2f}", "most_drift",
        ),
        _over_time(
            "Ranking", "observed", months, {"AUC": "auc", "KS": "ks"}, "{:.2f}", "least_auc"
        ),
        _over_time(
            "Bad outcomes", "observed", months, {"promised": "promised", "happened": "bad"},
            "{:.0%}", y_zero=True,
        ),
        Panel(
            "Classes: bad outcomes",
            "class",
            [
                Line("promised", [(at, float(row["promised"])) for at, row in enumerate(paid)]),
                Line("happened", [(at, _bad_rate(row)) for at, row in enumerate(paid)]),
            ],
            x_label=lambda at: str(paid[int(at)]["grade"]),
            y_label="{:.0%}".format,
            every_x=True,
        ),
        Panel(
            "ROC by class: bad ones refused",
            "good ones refused",
            [Line("outcomes", _refused(paid))],
            x_label="{:.0f} %".format,
            y_label="{:.0f} %".format,
            guides=[CHANCE],
        ),
    ]  # fmt: skip
    # Before any outcome is known there is nothing to draw of them.
    drawn = [panel for panel in panels if all(line.points for line in panel.lines)]
    return svg(f"Card {card} in use", drawn)


def _refused(paid: Sequence[Row]) -> list[Point]:
    """Per cent of good and bad ones that a cut before each class would refuse, worst first."""
    goods, bads = (sum(row[name] for row in paid) for name in ("goods", "bads"))
    if not goods or not bads:
        return []
    worst_first = list(reversed(paid))
    refused = zip(
        accumulate(row["goods"] for row in worst_first),
        accumulate(row["bads"] for row in worst_first),
        strict=True,
    )
    return [
        (0.0, 0.0),
        *((float(100 * good / goods), float(100 * bad / bads)) for good, bad in refused),
    ]


def _over_time(
    title: str,
    time: str,
    months: Sequence[Row],
    columns: dict[str, str],
    label: str,
    bound: str | None = None,
    y_zero: bool = False,
) -> Panel:
    """Lines by the month that was scored, which column `time` names, and the bound in force."""
    lines = [Line(name, _places(months, column)) for name, column in columns.items()]
    drawn = [at for line in lines for at, _ in line.points] or [0.0]
    first, apart = min(drawn), math.ceil((max(drawn) - min(drawn) + 1) / _LABELS)
    return Panel(
        title,
        "month scored",
        lines,
        x_label=lambda at: "" if (at - first) % apart else _at(months[round(at)][time]),
        y_label=label.format,
        y_zero=y_zero,
        guides=[_places(months, bound)] if bound else [],
    )


def _places(months: Sequence[Row], column: str) -> list[Point]:
    return [
        (float(at), float(row[column])) for at, row in enumerate(months) if row[column] is not None
    ]


TESTS = ("scorecard_monitor",)


def shown_in_markdown(
    con: duckdb.DuckDBPyConnection, name: str, schema: str = ""
) -> dict[str, str]:
    """A picture of each card in use, for Dagster."""
    assert name in TESTS
    return {
        card: as_markdown(watched_chart(con, card, schema), f"{card} in use")
        for card in watched_cards(con, schema)
    }
