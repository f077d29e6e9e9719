"""Golden vectors of segments, computed by the reference."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.reference.balances import to_cents
from tests.reference.segments import abc_class, abc_share, best_share_cut, index, whole_months


def numbers(*values: float | str) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]


def abc(amounts: list[Decimal], reading: str, a: str, b: str) -> list[str]:
    shares = [abc_share(amount, amounts, reading) for amount in amounts]
    return [
        abc_class(amount, share, Decimal(a), Decimal(b), reading)
        for amount, share in zip(amounts, shares, strict=True)
    ]


def test_abc_of_three_shares() -> None:
    amounts = numbers("0.75", "0.15", "0.10")
    assert abc(amounts, "literal", "0.7", "0.3") == ["a", "c", "c"]
    assert abc(amounts, "cumulative", "0.7", "0.9") == ["a", "b", "c"]


def test_literally_one_customer_can_be_a_and_three_b() -> None:
    assert abc(numbers(0.7, 0.3), "literal", "0.7", "0.3") == ["a", "b"]
    assert abc(numbers(34, 33, 33), "literal", "0.7", "0.3") == ["b", "b", "b"]
    assert abc(numbers(*[1] * 4), "literal", "0.7", "0.3") == ["c"] * 4
    # Where everybody brings the same, nobody brings more than they do.
    assert abc(numbers(*[1] * 4), "cumulative", "0.7", "0.9") == ["a"] * 4


def test_who_brings_nothing_is_c() -> None:
    assert abc(numbers(5, 0, -5), "cumulative", "0.7", "0.9") == ["a", "c", "c"]
    assert abc(numbers(0, -5), "cumulative", "0.7", "0.9") == ["c", "c"]


@pytest.mark.parametrize(
    ("share", "cut"),
    [("0", None), ("0.1", 9), ("0.2", 9), ("0.21", 5), ("0.6", 5), ("0.7", 3), ("1", 3)],
)
def test_a_share_of_customers_is_cut_at_a_value(share: str, cut: int | None) -> None:
    values = numbers(9, 5, 5, 3, -1)
    assert best_share_cut(values, Decimal(share)) == cut


def test_insurers_concentration() -> None:
    shares = {3: 15, 6: 13, 11: 21, 80: 51}
    assert sum(shares) == sum(shares.values()) == 100
    found = [index(Decimal(premium), Decimal(100), count, 100) for count, premium in shares.items()]
    assert [round(value, 2) for value in found if value] == numbers(5, 2.17, 1.91, 0.64)
    # Of 14.7 million customers and premiums of 91.7 thousand million.
    heads = [
        to_cents(Decimal(917 * 10**8) * premium / (14_700_000 * count))
        for count, premium in shares.items()
    ]
    assert [round(head) for head in heads] == [31_190, 13_516, 11_909, 3_977]
    assert heads == sorted(heads, reverse=True)


def test_residual_of_two_age_bands() -> None:
    customers, assets = numbers(41.46, 19.92), numbers(43.23, 6.5)
    rest, rest_assets = 100 - sum(customers), 100 - sum(assets)
    assert (rest, rest_assets) == tuple(numbers(38.62, 50.27))
    found = [
        index(part, Decimal(100), int(count * 100), 10_000)
        for part, count in zip([*assets, rest_assets], [*customers, rest], strict=True)
    ]
    assert [round(value, 2) for value in found if value] == numbers(1.04, 0.33, 1.30)


@pytest.mark.parametrize(
    ("first", "end", "months"),
    [
        (date(2024, 1, 1), date(2024, 2, 1), 1),
        (date(2024, 1, 2), date(2024, 2, 1), 0),
        (date(2024, 1, 31), date(2024, 2, 29), 0),
        (date(2024, 1, 31), date(2024, 3, 1), 1),
        (date(2023, 12, 31), date(2024, 7, 1), 6),
        (date(2024, 6, 30), date(2024, 7, 1), 0),
    ],
)
def test_whole_months(first: date, end: date, months: int) -> None:
    assert whole_months(first, end) == months
