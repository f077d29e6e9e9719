"""The two divisions of the project, against Python's decimals: exact, half away from zero."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Context, Decimal

import duckdb
import pytest

from tests.unit.dbt.macros import render

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
LARGEST = 10**15  # cents: ten trillions, beyond any bank's total


def rounded(numerator: Decimal, denominator: Decimal, places: int) -> Decimal:
    """The quotient as a person would round it."""
    quotient = EXACT.divide(numerator, denominator)
    return quotient.quantize(Decimal(1).scaleb(-places), context=EXACT)


def sample(scale: int) -> list[tuple[Decimal, int]]:
    """Amounts of many decimals: halves of a cent on purpose, a hair beside them, and by chance."""
    chance = random.Random(7)
    hair = Decimal(1).scaleb(-scale)
    ties = [
        (sign * (Decimal(days) * cents / 100 + Decimal(days) / 200 + beside * hair), days)
        for days in (1, 2, 28, 29, 30, 31)
        for cents in (0, 1, 4999999, 50000000, LARGEST)
        for sign in (1, -1)
        for beside in (-1, 0, 1)
    ]
    others = [
        (Decimal(chance.randint(-LARGEST, LARGEST)).scaleb(-chance.randint(0, 4)), days)
        for days in range(1, 32)
        for _ in range(100)
    ]
    # Both sides of what DuckDB divides in 64 bits.
    edge = Decimal(10) ** (18 - scale) / 200
    return ties + others + [(edge + step, days) for step in range(-2, 3) for days in (1, 30, 31)]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.mark.parametrize("scale", [4, 6, 12])
def test_divide_money_rounds_half_away_from_zero(
    con: duckdb.DuckDBPyConnection, scale: int
) -> None:
    rows = sample(scale)
    con.execute(f"create table amounts (amount decimal(38, {scale}), divisor integer)")
    con.executemany("insert into amounts values (?, ?)", rows)
    quotient = f"cast({render('divide_money', 'amount', 'divisor', str(scale))} as decimal(18, 2))"
    found = con.execute(f"select amount, divisor, {quotient} from amounts").fetchall()
    assert len(found) == len(rows)
    assert [row for row in found if row[2] != rounded(row[0], Decimal(row[1]), 2)] == []


def test_ratio_rounds_half_away_from_zero(con: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(11)
    rows = [
        (Decimal(chance.randint(-LARGEST, LARGEST)).scaleb(-2), Decimal(divisor).scaleb(-2))
        for divisor in [chance.randint(-LARGEST, LARGEST) or 1 for _ in range(2000)]
    ]
    # A half of the sixth decimal, both ways.
    rows += [(Decimal("0.01"), Decimal("20000")), (Decimal("-0.01"), Decimal("20000"))]
    rows += [(Decimal("0.03"), Decimal("-20000")), (Decimal("1"), Decimal("3"))]
    # Both sides of what DuckDB divides in 64 bits.
    edge = [Decimal(40_000_000_000) + Decimal(cents).scaleb(-2) for cents in (-1, 0, 1)]
    rows += [(one, other) for one in edge for other in (*edge, Decimal("1.03"), Decimal("-7"))]
    # Around what is divided in 64 bits.
    for part in ("39999999999.99", "40000000000", "-40000000000.01"):
        for whole in ("1", "999999999999.99", "-1000000000000", "1000000000000.01"):
            rows.append((Decimal(part), Decimal(whole)))
    con.execute("create table parts (numerator decimal(38, 2), denominator decimal(38, 2))")
    con.executemany("insert into parts values (?, ?)", [row for row in rows if abs(row[1]) >= 1])
    found = con.execute(
        f"select numerator, denominator, {render('ratio', 'numerator', 'denominator')} from parts"
    ).fetchall()
    assert [row for row in found if row[2] != rounded(row[0], row[1], 6)] == []


def test_ratio_to_nothing_is_empty(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute(f"select {render('ratio', '5.00', '0.00')}").fetchone() == (None,)
