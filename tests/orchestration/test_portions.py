"""Long windows are cut into portions of whole months that fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import duckdb
import pytest

from orchestration.dbt.project import NodeOutcome
from orchestration.portions import portions, together
from orchestration.state import Window

WINDOW = Window(date(2024, 1, 15), date(2024, 5, 3))


@pytest.fixture
def facts() -> Iterator[duckdb.DuckDBPyConnection]:
    """Ten customers from January to April, thirty in May, and one of June, behind the window."""
    with duckdb.connect() as con:
        con.execute(
            "create schema facts; create table facts.fct_customer_trail as "
            "select make_date(2024, m, 1) as month "
            "from (values (1, 10), (2, 10), (3, 10), (4, 10), (5, 30), (6, 1)) as t(m, n), range(n)"
        )
        yield con


@pytest.mark.parametrize(
    ("limit", "cuts"),
    [
        (1, ["02-01", "03-01", "04-01", "05-01"]),
        (20, ["03-01", "05-01"]),
        (29, ["03-01", "05-01"]),
        (30, ["04-01", "05-01"]),
        (69, ["05-01"]),
        (70, []),
    ],
)
def test_a_portion_ends_before_the_month_that_is_too_much(
    facts: duckdb.DuckDBPyConnection, limit: int, cuts: list[str]
) -> None:
    days = [WINDOW.start, *(date.fromisoformat(f"2024-{cut}") for cut in cuts), WINDOW.end]
    assert portions(facts, WINDOW, limit) == [Window(*ends) for ends in pairwise(days)]


def test_nobody_known_yet_is_one_portion(facts: duckdb.DuckDBPyConnection) -> None:
    facts.execute("delete from facts.fct_customer_trail")
    assert portions(facts, WINDOW, 1) == [WINDOW]


def test_a_node_of_several_portions_is_told_once() -> None:
    first, last = (
        NodeOutcome("model.a", "a", "model", status, seconds, "", None, "")
        for status, seconds in (("success", 1.0), ("warn", 2.5))
    )
    (found,) = together([[first], [last]])
    assert (found.status, found.seconds) == ("warn", 3.5)
