"""Printing who is judged otherwise, under another policy or with today's knowledge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from rich.console import Console

from orchestration.rejudge.compare import Move
from orchestration.reports.tables import table


def show_moves(
    moves: Sequence[Move], compared: Mapping[tuple[str, date], int], console: Console
) -> None:
    """Per family and month how many move, then the newest month's moves from where to where."""
    if not moves:
        console.print(
            "Nobody is judged otherwise; the risk gate and forward value are not asked.",
            highlight=False,
        )
        return
    console.print(
        table(
            "Judged otherwise, per month",
            ["family", "month", "judged", "move", "up", "down", "other"],
            _per_month(moves, compared),
        )
    )
    newest = max(month for _, month in compared)
    console.print(
        table(
            f"From where to where, {newest:%Y-%m}",
            ["family", "from", "to", "direction", "customers", "assets"],
            [
                (m.family, m.before or "", m.after or "", m.direction, m.customers, m.assets)
                for m in moves
                if m.month == newest
            ],
            caption="assets: what the family measures, in the reporting currency",
        )
    )


def show_late_rows(late: Sequence[tuple[str, int, int]], console: Console) -> None:
    """What became known of those who move after the month it speaks of."""
    columns = ["delivered table", "customers", "rows"]
    console.print(table("What came late of those judged otherwise", columns, late))


def _per_month(
    moves: Sequence[Move], compared: Mapping[tuple[str, date], int]
) -> list[tuple[object, ...]]:
    counts: dict[tuple[str, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for move in moves:
        counts[move.family, move.month][move.direction] += move.customers
    return [
        (
            family,
            f"{month:%Y-%m}",
            compared[family, month],
            sum(found.values()),
            found["up"],
            found["down"],
            sum(found.values()) - found["up"] - found["down"],
        )
        for (family, month), found in sorted(counts.items())
    ]
