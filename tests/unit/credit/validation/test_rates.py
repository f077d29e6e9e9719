"""Default rates, their intervals and their order, against definitions and published values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from orchestration.credit.errors import BadSample
from orchestration.credit.validation.rates import default_rates, inversions


def counts(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def tail(n: int, least: int, most: int, rate: float) -> float:
    """The chance of `least` to `most` defaults of n, added up."""
    return sum(math.comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(least, most + 1))


@pytest.mark.parametrize(("n", "k"), [(10, 1), (10, 9), (37, 4), (200, 100), (3, 2)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_each_end_is_where_what_was_seen_becomes_too_rare(n: int, k: int, level: float) -> None:
    found = default_rates(counts(n), counts(k), level)
    assert found.rate[0] == k / n
    assert tail(n, k, n, found.low[0]) == pytest.approx((1 - level) / 2)
    assert tail(n, 0, k, found.high[0]) == pytest.approx((1 - level) / 2)


def test_published_intervals() -> None:
    """95 %: 1 of 10 is 0.0025 to 0.4450, 0 of 10 is 0 to 0.3085 (tables of exact limits)."""
    found = default_rates(counts(10, 10, 10), counts(1, 0, 10), 0.95)
    assert found.low == pytest.approx([0.0025, 0, 0.6915], abs=5e-5)
    assert found.high == pytest.approx([0.4450, 0.3085, 1], abs=5e-5)


def test_the_interval_holds_at_least_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    seen = random.binomial(40, 0.07, 4000)
    found = default_rates(np.full(4000, 40), seen, 0.9)
    assert ((found.low <= 0.07) & (found.high >= 0.07)).mean() >= 0.9


def test_a_grade_of_nobody_tells_nothing() -> None:
    found = default_rates(counts(0), counts(0), 0.95)
    assert np.isnan(found.rate[0])
    assert (found.low[0], found.high[0]) == (0, 1)
    assert len(default_rates(counts(), counts(), 0.95).rate) == 0


def test_the_wrong_order_is_told_with_how_often_chance_does_it() -> None:
    """Fisher's lady and her tea: at least 3 of 4 right by chance is 17 of 70."""
    (found,) = inversions(counts(4, 4), counts(3, 1))
    assert (found.better, found.worse) == (0, 1)
    assert found.p_value == pytest.approx(17 / 70)


def test_equal_rates_rising_rates_and_empty_grades_are_no_wrong_order() -> None:
    assert inversions(counts(3, 30, 0, 10), counts(1, 10, 0, 5)) == []
    assert inversions(counts(5), counts(5)) == []
    assert inversions(counts(), counts()) == []
    assert inversions(counts(9, 9), counts(0, 0)) == []


def test_an_empty_grade_is_stepped_over() -> None:
    (found,) = inversions(counts(10, 0, 10), counts(2, 0, 1))
    assert (found.better, found.worse) == (0, 2)


@pytest.mark.parametrize(
    ("companies", "defaults", "level", "sentence"),
    [
        (counts(1, 2), counts(1), 0.9, "same grades"),
        (counts(1), counts(2), 0.9, "fewer companies than defaults"),
        (counts(1), counts(-1), 0.9, "fewer companies than defaults"),
        (counts(1), counts(1), 1.0, "between 0 and 1"),
    ],
)
def test_counts_that_cannot_be_right_are_refused(
    companies: np.ndarray, defaults: np.ndarray, level: float, sentence: str
) -> None:
    with pytest.raises(BadSample, match=sentence):
        default_rates(companies, defaults, level)
