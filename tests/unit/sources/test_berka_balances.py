"""Which of a day's rows is the last: every rule, and random days against every order of them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest

from orchestration.sources.berka.balances import closing_balances
from orchestration.sources.berka.summary import ClosingRows
from tests.unit.sources.booking_order import last_balances

Row = tuple[int, str, str, str]  # trans_id, day of January 1993, signed amount, balance


def _close(rows: list[Row]) -> tuple[dict[str, str], ClosingRows]:
    with duckdb.connect(":memory:") as con:
        con.execute(
            "create table booked (trans_id bigint, account_id bigint, date date,"
            " signed_amount decimal(18, 2), balance decimal(18, 2))"
        )
        con.executemany(
            "insert into booked values (?, 1, ?, ?, ?)",
            [[n, f"1993-01-{day}", amount, balance] for n, day, amount, balance in rows],
        )
        counts = closing_balances(con)
        found = con.execute(
            "select strftime(balance_on, '%d'), closing_balance::varchar from closing"
        ).fetchall()
    return dict(found), counts


def _rules(counts: ClosingRows) -> dict[str, int]:
    return {rule: days for rule, days in vars(counts).items() if days}


def test_the_chain_decides_whatever_the_numbers() -> None:
    rows = [(9, "01", "100", "100"), (5, "01", "-30", "70"), (7, "01", "-20", "50")]
    assert _close(rows) == ({"01": "50.00"}, ClosingRows(1, 0, 0, 0, 0))


@pytest.mark.parametrize("shift", ["0.10", "-0.10"])
def test_the_chain_bears_published_rounding(shift: str) -> None:
    after = 50 + Decimal(shift)
    rows = [
        (1, "01", "50", "50"),
        (2, "01", "1.30", str(after + Decimal("1.30"))),
        (3, "01", "-14.60", str(after - Decimal("13.30"))),
    ]
    assert _close(rows)[0]["01"] == f"{after - Decimal('13.30'):.2f}"
    assert _rules(_close(rows)[1]) == {"by_chain": 1}


def test_more_than_rounding_is_a_gap() -> None:
    rows = [(1, "01", "50", "50"), (2, "01", "-10", "40.20")]
    assert _rules(_close(rows)[1]) == {"by_debits_last": 1}


def test_a_gap_within_the_day_is_settled_by_the_next_day() -> None:
    rows = [(1, "01", "-10", "50"), (2, "01", "-20", "90"), (3, "02", "-5", "45")]
    assert _close(rows)[0] == {"01": "50.00", "02": "45.00"}
    assert _rules(_close(rows)[1]) == {"by_chain": 1, "by_next_day": 1}


def test_the_next_day_counts_across_days_without_rows() -> None:
    rows = [(1, "01", "-10", "50"), (2, "01", "-20", "90"), (3, "29", "-5", "45")]
    assert _close(rows)[0]["01"] == "50.00"


def test_only_a_start_of_the_next_day_counts() -> None:
    """90 is passed through on the 2nd, 50 is where it starts."""
    rows = [
        (1, "01", "-10", "50"),
        (2, "01", "-20", "90"),
        (3, "02", "40", "90"),
        (4, "02", "-5", "85"),
    ]
    assert _close(rows)[0] == {"01": "50.00", "02": "85.00"}


def test_a_day_that_returns_to_its_opening_is_settled_by_the_next_day() -> None:
    rows = [(1, "01", "-10", "50"), (2, "01", "10", "60"), (3, "02", "-5", "45")]
    assert _close(rows)[0]["01"] == "50.00"
    rows[2] = (3, "02", "-5", "55")
    assert _close(rows)[0]["01"] == "60.00"


def test_the_row_that_continues_the_previous_day_is_not_the_last() -> None:
    rows = [(1, "01", "60", "60"), (8, "02", "-10", "50"), (7, "02", "-20", "90")]
    assert _close(rows)[0]["02"] == "90.00"
    assert _rules(_close(rows)[1]) == {"by_chain": 1, "by_previous_day": 1}


def test_a_last_day_that_returns_to_its_opening_ends_where_the_previous_day_did() -> None:
    rows = [(1, "01", "60", "60"), (3, "02", "30", "90"), (4, "02", "-10", "80")]
    rows += [(2, "02", "-20", "60")]
    assert _close(rows)[0]["02"] == "60.00"
    assert _rules(_close(rows)[1]) == {"by_chain": 1, "by_previous_day": 1}


def test_credits_come_before_debits() -> None:
    rows = [(8, "01", "10", "50"), (7, "01", "-20", "90")]
    assert _close(rows)[0]["01"] == "90.00"
    assert _rules(_close(rows)[1]) == {"by_debits_last": 1}


def test_what_is_left_is_settled_by_the_highest_number() -> None:
    rows = [(10, "01", "-10", "50"), (9, "01", "-20", "90")]
    assert _close(rows)[0]["01"] == "50.00"
    assert _rules(_close(rows)[1]) == {"by_number": 1}


def test_rows_without_an_amount_do_not_disturb_the_chain() -> None:
    rows = [(1, "01", "0", "60"), (2, "01", "-10", "50"), (3, "01", "0", "50")]
    assert _close(rows)[0]["01"] == "50.00"
    assert _rules(_close(rows)[1]) == {"by_chain": 1}


# Days as published, of accounts 8934, 9051 and 3859: what is rounded, or penalty interest of a
# tenth or nothing, puts several balances within rounding of each other.
CROWDED = [
    ("4986.50", ["-14.60 4986.70", "-0.10 4986.60", "-0.10 4986.50"]),
    (
        "1546.80",
        ["15.40 1558.90", "18.20 1577.00", "-30.00 1547.00", "-0.10 1546.90", "-0.10 1546.80"],
    ),
    ("197.00", ["7.00 211.70", "-14.60 197.10", "0.00 197.00"]),
]


@pytest.mark.parametrize(("closing", "booked"), CROWDED)
@pytest.mark.parametrize("backwards", [False, True])
def test_balances_within_rounding_of_each_other(
    closing: str, booked: list[str], backwards: bool
) -> None:
    """The numbers say nothing, and there is no next day to ask."""
    pairs = [row.split() for row in booked]
    assert last_balances([(Decimal(a), Decimal(b)) for a, b in pairs]) == {Decimal(closing)}
    rows = [(-n if backwards else n, "31", a, b) for n, (a, b) in enumerate(pairs)]
    found, counts = _close(rows)
    assert found == {"31": closing}
    assert _rules(counts) == {"by_chain": 1}


def test_an_exact_link_wins_over_one_within_rounding() -> None:
    """100.00 is where another row starts, 100.10 only nearly so; the numbers say otherwise."""
    rows = [(9, "01", "60", "100"), (8, "01", "-20", "80"), (7, "01", "20.10", "100.10")]
    assert _close(rows)[0]["01"] == "100.10"
    assert _rules(_close(rows)[1]) == {"by_chain": 1}


def test_a_start_serves_one_row_only() -> None:
    """Two rows end at 100.00 and one starts there: it is left once, and once the last."""
    rows = [(1, "01", "50", "100"), (2, "01", "-0.10", "99.90"), (3, "01", "0.10", "100")]
    assert _close(rows)[0]["01"] == "100.00"
    assert _rules(_close(rows)[1]) == {"by_chain": 1}


def test_one_row_is_the_last() -> None:
    assert _close([(1, "01", "0", "60")]) == ({"01": "60.00"}, ClosingRows(1, 0, 0, 0, 0))


@pytest.mark.parametrize("seed", range(20))
def test_complete_days_are_found_exactly(seed: int) -> None:
    """Sixty days of whole amounts in a known order, numbered at random."""
    dice = random.Random(seed)
    rows: list[list[object]] = []
    truth, balance = {}, 0
    for day in range(60):
        on = date(1993, 1, 1) + timedelta(days=day)
        credits = [dice.randint(1, 9) * 100 for _ in range(dice.randint(0, 2))]
        debits = [-dice.randint(1, 9) * 100 for _ in range(dice.randint(0 if credits else 1, 3))]
        for amount in credits + debits:
            balance += amount
            rows.append([len(rows), on, amount, balance])
        truth[on] = balance
    numbers = list(range(len(rows)))
    dice.shuffle(numbers)
    for row, number in zip(rows, numbers, strict=True):
        row[0] = number
    with duckdb.connect(":memory:") as con:
        con.execute(
            "create table booked (trans_id bigint, account_id bigint, date date,"
            " signed_amount decimal(18, 2), balance decimal(18, 2))"
        )
        con.executemany("insert into booked values (?, 1, ?, ?, ?)", rows)
        counts = closing_balances(con)
        found = dict(con.execute("select balance_on, closing_balance from closing").fetchall())
    assert found == truth
    assert counts.account_days == 60


def _published(hundredths: int) -> Decimal:
    """As the bank published what it kept: in tenths, half away from zero."""
    tenths = (abs(hundredths) + 5) // 10
    return Decimal(tenths if hundredths >= 0 else -tenths) / 10


def _month_end(dice: random.Random) -> list[tuple[Decimal, Decimal]]:
    """A day's rows in their order: some bookings, then interest, a fee and penalty interest."""
    balance = dice.randint(-50_000, 500_000)
    amounts = [dice.randint(-90, 90) * 1000 for _ in range(dice.randint(0, 2))]
    amounts += [dice.randint(1, 9_000), dice.choice([-1460, -3000])][: dice.randint(1, 2)]
    amounts += [-dice.randint(0, 20) for _ in range(dice.randint(0, 2))]
    rows = []
    for amount in amounts:
        balance += amount
        rows.append((_published(amount), _published(balance)))
    return rows


@pytest.mark.parametrize("seed", range(5))
def test_rounded_month_ends_close_as_every_order_of_them_says(seed: int) -> None:
    """Two hundred accounts whose bookings were rounded to tenths and shuffled."""
    dice = random.Random(seed)
    days = [_month_end(dice) for _ in range(200)]
    rows = [
        (account, amount, balance)
        for account, day in enumerate(days)
        for amount, balance in dice.sample(day, len(day))
    ]
    with duckdb.connect(":memory:") as con:
        con.execute(
            "create table booked (trans_id bigint, account_id bigint, date date,"
            " signed_amount decimal(18, 2), balance decimal(18, 2))"
        )
        con.executemany(
            "insert into booked values (?, ?, '1993-01-31', ?, ?)",
            [[number, *row] for number, row in enumerate(rows)],
        )
        closing_balances(con)
        found = dict(con.execute("select account_id, closing_balance from closing").fetchall())
    expected = {account: last_balances(day) for account, day in enumerate(days)}
    assert {a: e for a, e in expected.items() if found[a] not in e} == {}
    assert sum(len(balances) == 1 for balances in expected.values()) > 180


def test_a_long_day_with_a_gap_is_left_to_the_rules() -> None:
    """Forty rows, one of them missing: too many orders to try."""
    rows = [(n, "01", "-1", str(100 - n)) for n in range(1, 41) if n != 20]
    rows += [(50, "02", "-1", "59")]
    assert _close(rows)[0]["01"] == "60.00"
    assert _rules(_close(rows)[1]) == {"by_chain": 1, "by_next_day": 1}
