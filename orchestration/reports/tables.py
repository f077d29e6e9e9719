"""Laying rows out for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.table import Table

# No count of ours is that large; surrogate keys are, and are copied into other commands.
_KEYS_FROM = 10**13


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A titled table; numbers are aligned right and grouped by thousands, keys stay whole."""
    shown = list(rows)
    laid_out = Table(title=title, title_justify="left")
    for position, column in enumerate(columns):
        numeric = all(isinstance(row[position], int | Decimal | None) for row in shown)
        laid_out.add_column(column, justify="right" if numeric and shown else "left")
    for row in shown:
        laid_out.add_row(*(_text(value) for value in row))
    return laid_out


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and value >= _KEYS_FROM:
        return str(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
