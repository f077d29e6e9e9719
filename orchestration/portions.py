"""Long windows in portions of whole months that fit in memory.

Any sequence of windows ends in the same tables as one window over all of it; so how many portions
there are is a matter of memory alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import duckdb

from orchestration.dbt.project import NodeOutcome
from orchestration.state import Window


def portions(con: duckdb.DuckDBPyConnection, window: Window, limit: int) -> list[Window]:
    """The window cut before months that would take a portion beyond `limit` customer months.

    A portion has at least one month, however many customers that has.
    """
    months = con.execute(
        "select month, count(*) from facts.fct_customer_trail "
        "where month > ? and month < ? group by month order by month",
        [window.start.replace(day=1), window.end],
    ).fetchall()
    cuts = [window.start, *_cuts(months, limit), window.end]
    return [Window(start, end) for start, end in pairwise(cuts)]


def _cuts(months: Iterable[tuple[date, int]], limit: int) -> Iterator[date]:
    """Months that begin a portion. The window's first month is not among `months`; it counts as
    large as the one that follows it.
    """
    held: int | None = None
    for month, customers in months:
        held = (customers if held is None else held) + customers
        if held > limit:
            yield month
            held = customers


def together(built: Iterable[list[NodeOutcome]]) -> list[NodeOutcome]:
    """One outcome per node of several portions: the last one's, with the seconds of all."""
    found: dict[str, NodeOutcome] = {}
    for nodes in built:
        for node in nodes:
            before = found.get(node.unique_id)
            seconds = node.seconds + (before.seconds if before else 0.0)
            found[node.unique_id] = replace(node, seconds=seconds)
    return list(found.values())
