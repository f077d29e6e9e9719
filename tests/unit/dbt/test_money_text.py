"""Amounts in sentences, against Python's own formatting of decimals."""

from __future__ import annotations

import random
from decimal import Decimal

import duckdb

from tests.unit.dbt.macros import render


def test_amounts_read_as_people_write_them() -> None:
    chance = random.Random(3)
    cents = [0, 1, 50, 99, 100, 99_999, 100_000, 10**18 - 1]
    cents += [chance.randrange(10 ** chance.randint(1, 18)) for _ in range(500)]
    amounts = [Decimal(sign * amount).scaleb(-2) for amount in cents for sign in (1, -1)]
    con = duckdb.connect()
    con.execute("create table amounts (amount decimal(18, 2))")
    con.executemany("insert into amounts values (?)", [[amount] for amount in amounts])
    found = con.execute(f"select amount, {render('money_text', 'amount')} from amounts").fetchall()
    assert [row for row in found if row[1] != f"{row[0]:,.2f}"] == []
    assert con.execute(f"select {render('money_text', 'null::decimal(18, 2)')}").fetchone() == (
        None,
    )


def test_shares_are_rounded_to_hundredths_of_a_percent() -> None:
    shares = ["0.586251", "0.699999", "0.69994", "0.006996", "-0.290651", "1", "0.00005", "12.5"]
    con = duckdb.connect()
    con.execute("create table shares (share decimal(18, 6))")
    con.executemany("insert into shares values (?)", [[Decimal(share)] for share in shares])
    found = con.execute(f"select {render('share_text', 'share')} from shares").fetchall()
    assert [text for (text,) in found] == [
        "58.63%", "70.00%", "69.99%", "0.70%", "-29.07%", "100.00%", "0.01%", "1,250.00%",
    ]  # fmt: skip
