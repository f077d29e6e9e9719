"""Balances of any days: what is not known is said, and not shown as zero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from orchestration.reports.balances import average_daily_balance, in_words
from tests.unit.reports.home import days

KNOWN = date(2024, 3, 1)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Account 1 has 100 from 11 January; account 2 is known to hold nothing from then on."""
    with duckdb.connect() as connection:
        connection.execute("create schema facts")
        connection.execute(
            "create table facts.int_balance_changes as select * from (values "
            "(1, date '2024-01-11', date '2024-01-11', 100.00::decimal(18, 2)), "
            "(2, date '2024-01-11', date '2024-01-11', 0.00)) "
            "as t(account_key, effective_on, known_on, change_amount)"
        )
        yield connection


def asked(con: duckdb.DuckDBPyConnection, account: int, first: date, last: date) -> str:
    window = days(first, last)
    found = average_daily_balance(con, account, window, KNOWN)
    assert found is not None
    return in_words(found, window, KNOWN)


def test_days_before_the_first_balance_are_unknown(con: duckdb.DuckDBPyConnection) -> None:
    said = asked(con, 1, date(2024, 1, 1), date(2024, 1, 20))
    assert said == (
        "average 50.00 over 20 day(s) (10 before the first balance known, counted as zero); "
        "opening unknown (no balance before 2024-01-11), closing 100.00"
    )


def test_a_first_day_with_the_first_balance_has_no_opening(con: duckdb.DuckDBPyConnection) -> None:
    said = asked(con, 1, date(2024, 1, 11), date(2024, 1, 12))
    assert said == (
        "average 100.00 over 2 day(s); "
        "opening unknown (no balance before 2024-01-11), closing 100.00"
    )


@pytest.mark.parametrize(("account", "amount"), [(1, "100.00"), (2, "0.00")])
def test_a_known_opening_is_said(con: duckdb.DuckDBPyConnection, account: int, amount: str) -> None:
    said = asked(con, account, date(2024, 2, 1), date(2024, 2, 29))
    assert said == f"average {amount} over 29 day(s); opening {amount}, closing {amount}"


@pytest.mark.parametrize(("first", "after"), [(date(2024, 2, 1), 30), (date(2024, 3, 22), 10)])
def test_days_after_what_is_known_are_said(
    con: duckdb.DuckDBPyConnection, first: date, after: int
) -> None:
    said = asked(con, 1, first, date(2024, 3, 31))
    assert f"; last {after} day(s) lie after what is known (2024-03-01) and take its" in said


def test_nothing_known_is_no_answer(con: duckdb.DuckDBPyConnection) -> None:
    window = days(date(2024, 1, 1), date(2024, 1, 10))
    assert average_daily_balance(con, 1, window, KNOWN) is None
    assert average_daily_balance(con, 1, days(KNOWN, KNOWN), date(2024, 1, 10)) is None


def test_averages_are_rounded_half_away_from_zero(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update facts.int_balance_changes set change_amount = -0.05 where account_key = 1")
    window = days(date(2024, 1, 2), date(2024, 1, 11))
    found = average_daily_balance(con, 1, window, KNOWN)
    assert found is not None
    assert found.average == Decimal("-0.01")
