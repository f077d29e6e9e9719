"""Golden vectors of concentration, computed by the reference."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.reference.concentration import best, bulk, concentration, gini, herfindahl, whale


def numbers(*values: float | str) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]


FOUR = numbers(100, 50, 0, -30)


def test_four_customers() -> None:
    found = concentration(FOUR, Decimal("0.2"), Decimal("0.8"))
    assert (found["contribution"], found["gained"], found["lost"]) == (120, 150, 30)
    assert found["losing_share"] == Decimal("0.25")
    # A fifth of four is less than one customer, so it is one: 100 of 120, more than the bulk of 96.
    assert (found["best_customers"], found["best_share"]) == (1, Decimal("0.833333"))
    assert (found["bulk_customers"], found["bulk_share"]) == (1, Decimal("0.25"))
    # (50 + 100 + 130 + 50 + 80 + 30) / (4 * 180), and (2/3)^2 + (1/3)^2.
    assert found["gini"] == Decimal("0.611111")
    assert found["herfindahl"] == Decimal("0.555556")


def test_the_curve_of_four_customers() -> None:
    points = {step: point["contribution_share"] for step, point in whale(FOUR).items()}
    assert points == {
        25: Decimal("0.833333"), 50: Decimal("1.25"), 75: Decimal("1.25"), 100: 1,
    }  # fmt: skip


def test_equal_customers_are_one_point() -> None:
    assert list(whale(numbers(7, 7, 7))) == [100]
    assert len(best(numbers(9, 5, 5, 5, 1), Decimal("0.4"))) == 4
    assert bulk(numbers(9, 5, 5, 5, 1), Decimal("0.4")) == 4


def test_who_brings_nothing_is_not_among_the_best() -> None:
    assert best(numbers(3, 0, 0, 0, 0), Decimal("0.4")) == [3]
    assert best(numbers(0, -8), Decimal("0.2")) == []


def test_many_customers_are_at_most_a_hundred_points() -> None:
    assert list(whale(numbers(*range(1000)))) == list(range(1, 101))
    assert list(whale(numbers(*range(3)))) == [33, 66, 100]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (numbers(5, 5, 5), "0"),
        (numbers(0, 0, 0, 8), "0.75"),
        (numbers(1, 2, 3, 4), "0.25"),
        (numbers(-1, 1), "0.5"),
        (numbers(-8, 0, 0, 0), "0.75"),
    ],
)
def test_gini(amounts: list[Decimal], expected: str) -> None:
    assert gini(amounts) == Decimal(expected)


def test_nothing_is_concentrated_nowhere() -> None:
    assert gini(numbers(0, 0)) is None
    assert herfindahl(numbers(0, -3)) is None
    assert bulk(numbers(3, -3), Decimal("0.8")) is None
    assert whale(numbers(3, -3))[100]["contribution_share"] is None
