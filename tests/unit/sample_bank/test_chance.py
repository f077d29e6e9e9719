"""Draws are uniform, independent between streams, and the same for the same seed."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.sample_bank.bank import MACROS


@pytest.fixture
def chance() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(MACROS.format(seed=7))
    return connection


def test_streams_are_uniform_and_independent(chance: duckdb.DuckDBPyConnection) -> None:
    row = chance.execute(
        """
        select avg(u('a', i, 0)), avg(u('b', i, 0)), corr(u('a', i, 0), u('b', i, 0)),
            corr(u('a', i, 0), u('a', i, 1)),
            avg(u('b', i, 0)) filter (u('a', i, 0) < 0.05),
            avg(u('a', i, 1)) filter (u('a', i, 0) < 0.05)
        from range(200000) as r (i)
        """
    ).fetchall()[0]
    assert row == pytest.approx((0.5, 0.5, 0.0, 0.0, 0.5, 0.5), abs=0.02)


def test_another_seed_draws_otherwise(chance: duckdb.DuckDBPyConnection) -> None:
    other = duckdb.connect()
    other.execute(MACROS.format(seed=8))
    query = "select u('a', i, 0) from range(10) as r (i)"
    assert chance.execute(query).fetchall() != other.execute(query).fetchall()


def test_normal_draws_have_unit_spread(chance: duckdb.DuckDBPyConnection) -> None:
    row = chance.execute(
        "select avg(n01('n', i, 0)), stddev(n01('n', i, 0)) from range(200000) as r (i)"
    ).fetchall()[0]
    assert row == pytest.approx((0.0, 1.0), abs=0.02)


def test_money_is_exact_cents(chance: duckdb.DuckDBPyConnection) -> None:
    row = chance.execute("select money(-5)::varchar, money(123456789012345)::varchar").fetchall()[0]
    assert row == ("-0.05", "1234567890123.45")
