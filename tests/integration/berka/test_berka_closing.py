"""Closing balances as the importer finds them, against every order of every published day."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from orchestration.sources.berka.balances import closing_balances
from orchestration.sources.berka.layout import SOURCES
from orchestration.sources.berka.reading import find_files, read_source, start_reading
from orchestration.sources.berka.tables import prepare
from tests.integration.berka.conftest import BERKA, NEEDS_BERKA, REPOSITORY
from tests.integration.berka.published import Booking, PublishedBank, closings_of
from tests.unit.sources.booking_order import FEW_ROWS, likeliest_orders

pytestmark = [pytest.mark.slow, NEEDS_BERKA]

AccountDay = tuple[str, date]

# Every row up to this day is in the copy with gaps.
COMPLETE_THROUGH = date(1994, 3, 30)
LEFT_OUT_SHARE = 0.3
TIMES = 12
# Days whose rows are complete and lie within rounding of each other.
CROWDED = {
    ("8934", date(1998, 1, 31)): "4986.50",
    ("9051", date(1998, 10, 31)): "1546.80",
    ("3859", date(1997, 12, 31)): "197.00",
}


@dataclass(frozen=True)
class Closed:
    """By account and day: the closing balance and the rule that found it."""

    balances: dict[AccountDay, Decimal]
    rules: dict[AccountDay, str]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """The decoded files, with all bookings as table `every`."""
    with duckdb.connect(":memory:") as con:
        start_reading(con)
        files = find_files(BERKA)
        for source in SOURCES:
            read_source(con, source, files[source.name])
        prepare(con)
        con.execute("create table every as from booked")
        yield con


def _close(con: duckdb.DuckDBPyConnection, bookings: str) -> Closed:
    con.execute(f"create or replace temp table booked as {bookings}")
    closing_balances(con)
    rows = con.execute(
        "select account_id::varchar, balance_on, closing_balance, rule from closing"
    ).fetchall()
    return Closed(
        {(account, on): amount for account, on, amount, _ in rows},
        {(account, on): rule for account, on, _, rule in rows},
    )


@pytest.fixture(scope="module")
def closed(con: duckdb.DuckDBPyConnection) -> Closed:
    """All published days."""
    return _close(con, "from every")


@pytest.fixture(scope="module")
def days(published: PublishedBank) -> dict[AccountDay, list[Booking]]:
    """All published days' rows."""
    return {
        (account, on): rows
        for account in published.accounts
        for on, rows in published.bookings_by_day(account).items()
    }


def test_every_day_closes_as_one_of_its_likeliest_orders_does(
    days: dict[AccountDay, list[Booking]], closed: Closed
) -> None:
    assert closed.balances.keys() == days.keys()
    long = [place for place, rows in days.items() if len(rows) > FEW_ROWS]
    assert len(long) < len(days) / 1_000
    possible = {place: closings_of(rows) for place, rows in days.items()}
    assert {p for p, balance in closed.balances.items() if balance not in possible[p]} == set()
    plain = {place for place, balances in possible.items() if len(balances) == 1}
    assert {closed.rules[place] for place in plain} == {"chain"}, "no other day is asked"


@pytest.mark.parametrize(("place", "balance"), CROWDED.items())
def test_days_within_rounding(place: AccountDay, balance: str, closed: Closed) -> None:
    assert (closed.rules[place], closed.balances[place]) == ("chain", Decimal(balance))


def _documented() -> list[tuple[str, ...]]:
    """Rule, days in the copy with gaps, right, tested."""
    text = (REPOSITORY / "docs" / "berka.md").read_text(encoding="utf-8").replace(",", "")
    return re.findall(r"^\| ([a-z ]+) \| (\d+) \| (\d+) of (\d+) \|$", text, re.MULTILINE)


def test_rules_as_documented(closed: Closed, has_gaps: bool) -> None:
    if not has_gaps:
        pytest.skip("the document counts the days of the copy with gaps")
    found = Counter(closed.rules.values())
    assert found == {rule.replace(" ", "_"): int(count) for rule, count, *_ in _documented()}


def test_rules_hold_where_rows_are_left_out(
    con: duckdb.DuckDBPyConnection, days: dict[AccountDay, list[Booking]]
) -> None:
    """Days of two to four rows with one likeliest order and no gap; the last row kept is known."""
    complete = {place: rows for place, rows in days.items() if place[1] <= COMPLETE_THROUGH}
    known = {
        place: order
        for place, rows in complete.items()
        if 2 <= len(rows) <= 4 and (order := _only_order(rows)) is not None
    }
    numbers = sorted(row.number for rows in complete.values() for row in rows)
    chance = random.Random(1)
    right: Counter[str] = Counter()
    tested: Counter[str] = Counter()
    for _ in range(TIMES):
        kept = {number for number in numbers if chance.random() >= LEFT_OUT_SHARE}
        con.register("kept", pd.DataFrame({"trans_id": sorted(kept)}))
        closed = _close(con, "from every semi join kept using (trans_id)")
        for place, rows in known.items():
            left = [row for row in rows if row.number in kept]
            if len(left) > 1:
                tested[closed.rules[place]] += 1
                right[closed.rules[place]] += closed.balances[place] == left[-1].balance
    documented = {
        rule.replace(" ", "_"): (int(good), int(of)) for rule, _, good, of in _documented()
    }
    assert {rule: (right[rule], tested[rule]) for rule in tested} == documented


def _only_order(rows: list[Booking]) -> list[Booking] | None:
    gaps, orders = likeliest_orders([(row.amount, row.balance) for row in rows])
    return [rows[place] for place in orders[0]] if gaps == 0 and len(orders) == 1 else None
