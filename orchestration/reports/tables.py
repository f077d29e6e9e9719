"""Laying rows out for a terminal."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from rich.table import Table

# No count of ours is that large; surrogate keys are, and are copied into other commands.
_KEYS_FROM = 10**13
# Money in sentences of the marts: two decimals, which neither dates nor codes have.
_AMOUNT = re.compile(r"(?<![\d.])\d{4,}\.\d{2}(?!\d)")


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    caption: str = "",
    right: Collection[str] = (),
    lines: bool = False,
) -> Table:
    """A titled table; numbers are aligned right and grouped by thousands, keys stay whole.

    `caption` stands below it; columns named in `right` hold numbers that are written already;
    `lines` parts the rows, for cells of several lines.
    """
    shown = list(rows)
    laid_out = Table(
        title=title,
        title_justify="left",
        caption=caption or None,
        caption_justify="left",
        show_lines=lines,
    )
    for position, column in enumerate(columns):
        numeric = all(isinstance(row[position], int | Decimal | None) for row in shown)
        aligned_right = column in right or (numeric and shown)
        # A name that does not fit goes on in the next line: cut, it could not be looked up.
        laid_out.add_column(column, justify="right" if aligned_right else "left", overflow="fold")
    for row in shown:
        laid_out.add_row(*(_text(value) for value in row))
    return laid_out


def amounts(sentence: str) -> str:
    """A sentence with its amounts grouped by thousands, as tables write them."""
    return _AMOUNT.sub(lambda found: f"{Decimal(found.group()):,}", sentence)


def percent(share: Decimal | None) -> str:
    """A share of 1 as per cent; empty where there is none."""
    return "" if share is None else f"{share * 100:,.2f} %"


def points(difference: Decimal | None) -> str:
    """A difference of two shares in percentage points, with its sign."""
    return "" if difference is None else f"{difference * 100:+,.2f}"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and value >= _KEYS_FROM:
        return str(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
