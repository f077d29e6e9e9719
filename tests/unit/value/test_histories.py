"""Counted histories and averages over beta distributions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import digamma

from orchestration.value.beta_average import beta_average
from orchestration.value.histories import BadHistories, Histories


def test_equal_histories_are_counted_in_any_order() -> None:
    x, recency, age = np.array([2.0, 0, 2, 0, 2]), np.array([5.0, 0, 5, 0, 4]), np.full(5, 9.0)
    counted = Histories.counted(x, recency, age)
    order = np.array([4, 2, 0, 1, 3])
    again = Histories.counted(x[order], recency[order], age[order])
    assert counted.customers.tolist() == [2, 1, 2]
    assert (counted.frequency == again.frequency).all()
    assert (counted.customers == again.customers).all()
    assert (counted.total, counted.purchases, counted.mean_age) == (5, 6, 9)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((1, 5, 4, 1), "recency lies within the age"),
        ((1.5, 2, 4, 1), "whole numbers"),
        ((-1, 2, 4, 1), "whole numbers"),
        ((0, 2, 4, 1), "without a repeat"),
        ((1, 0, 4, 1), "without a repeat"),
        ((0, 0, 0, 1), "above 0"),
        ((1, np.nan, 4, 1), "not a number"),
        ((1, 2, np.inf, 1), "not a number"),
        ((1, 2, 4, 0), "somebody"),
    ],
)
def test_what_is_no_history_is_refused(row: tuple[float, ...], said: str) -> None:
    good = (1.0, 2.0, 4.0, 1.0)
    columns = (np.array(pair, float) for pair in zip(good, row, strict=True))
    with pytest.raises(BadHistories, match=f"history 1 .*{said}"):
        Histories(*columns)


def test_no_history_is_refused() -> None:
    with pytest.raises(BadHistories, match="no customer"):
        Histories.counted(np.array([]), np.array([]), np.array([]))


@pytest.mark.parametrize("a", [0.05, 0.3, 0.8, 3, 200, 1e4])
@pytest.mark.parametrize("b", [0.05, 0.2, 2.4, 30, 1e4])
def test_moments_of_beta_distributions(a: float, b: float) -> None:
    mean, square = a / (a + b), a * (a + 1) / ((a + b) * (a + b + 1))
    assert beta_average(lambda p: p, a, b) == pytest.approx(mean, rel=1e-9)
    assert beta_average(lambda p: p * p, a, b) == pytest.approx(square, rel=1e-9)
    expected = digamma(a) - digamma(a + b)
    assert beta_average(np.log, a, b) == pytest.approx(expected, rel=1e-9)
