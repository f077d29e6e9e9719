"""Intervals by hand, and how often they hold where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.value.backtest import coverage
from orchestration.value.beta_geometric import BetaGeometric, fit_beta_geometric
from orchestration.value.forecast import forecast
from orchestration.value.histories import BadHistories, Floats
from orchestration.value.intervals import (
    PastErrors,
    Total,
    around,
    central,
    chances,
    covered,
    shared,
)
from orchestration.value.maximum import Maximum
from orchestration.value.returning import Returning
from orchestration.value.shocks import Shocks
from orchestration.value.waning import Waning, WaningBetaGeometric
from tests.unit.value import calendar_story, cdnow

LEVEL = 0.9
MODEL = WaningBetaGeometric(BetaGeometric(0.5, 6.0, 0.8, 3.0), Waning(0.8, 5.0))
BY_HAND = np.array([[0.96, 0.03, 0.01, 0], [0.04, 0.46, 0.46, 0.04], [0.86, 0.0, 0.14, 0.0]])


def drawn(chances: Floats, seed: int) -> Floats:
    """A count of each customer, by its chances."""
    u = np.random.default_rng(seed).random(len(chances))
    return (np.cumsum(chances, axis=1) < u[:, None]).sum(axis=1).astype(float)


def test_central_by_hand() -> None:
    low, high = central(BY_HAND, LEVEL)
    assert low.tolist() == [0, 1, 0]
    assert high.tolist() == [0, 2, 2]


def test_shared_by_hand() -> None:
    """Of 2.7 chances to hold, the four likeliest hold 2.74; each customer has one at least."""
    low, high = shared(BY_HAND, LEVEL)
    assert low.tolist() == [0, 1, 0]
    assert high.tolist() == [0, 2, 0]
    low, high = shared(np.array([[1.0, 0, 0], [0.3, 0.3, 0.4]]), 0.5)
    assert (low.tolist(), high.tolist()) == ([0, 2], [0, 2])


def test_covered_by_hand() -> None:
    """Zero has chances up to 0.96, of which those from 0.05 to 0.95 lie in the middle."""
    found = covered(BY_HAND, np.array([0.0, 0, 2]), LEVEL)
    np.testing.assert_allclose(found, [0.9 / 0.96, 0, (0.95 - 0.86) / 0.14])
    assert covered(BY_HAND, np.array([9.0, 9, 9]), LEVEL).tolist() == [0, 0, 0]
    with pytest.raises(BadHistories, match="same customers"):
        covered(BY_HAND, np.zeros(2), LEVEL)


def test_what_each_reading_holds_where_chances_are_right() -> None:
    """Central intervals of whole numbers hold more than they say; the others hold the level."""
    x, recency, age = (cdnow.customers()[name].to_numpy(float) for name in ("x", "t_x", "T"))
    right = np.tile(chances(MODEL, (x, recency, age), 13.0, 60), (5, 1))
    happened = drawn(right, 1)
    assert coverage(*central(right, LEVEL), happened) > 0.93
    assert coverage(*shared(right, LEVEL), happened) == pytest.approx(LEVEL, abs=0.015)
    assert covered(right, happened, LEVEL).mean() == pytest.approx(LEVEL, abs=0.006)


def test_chances_that_are_too_sure_or_too_unsure_are_found_out() -> None:
    """What measures coverage must be able to fail."""
    x, age = np.zeros(5_000), np.full(5_000, 30.0)
    history = (x, x, age)
    right = chances(BetaGeometric(0.5, 2.0, 0.8, 3.0), history, 60.0, 150)
    sure = chances(BetaGeometric(20.0, 1_000.0, 0.8, 300.0), history, 60.0, 150)
    assert covered(sure, drawn(right, 2), LEVEL).mean() < LEVEL - 0.03
    assert covered(right, drawn(sure, 2), LEVEL).mean() > LEVEL + 0.015


def test_those_who_return_are_counted() -> None:
    x, recency, age = np.array([0.0, 2, 9]), np.array([0.0, 3, 20]), np.full(3, 39.0)
    back = Returning(0.02, 0.0)
    found = chances(MODEL, (x, recency, age), 13.0, 200, back)
    alive = MODEL.alive(x, recency, age)
    expected = alive * MODEL.purchases(x, age, np.array(13.0)) + (1 - alive) * 0.02 * 13
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-9)
    np.testing.assert_allclose(found @ np.arange(201.0), expected, rtol=1e-6)


def test_parameters_around_a_maximum_have_its_covariance() -> None:
    _, found = fit_beta_geometric(cdnow.histories())
    logs = np.log(around(found))
    np.testing.assert_allclose(logs.mean(axis=0), found.logs, rtol=1e-9)
    np.testing.assert_allclose(np.cov(logs.T, bias=True), found.covariance, rtol=1e-6)
    flat = Maximum(np.zeros(2), np.zeros((2, 2)), 0.0, "", 0.0)
    assert (around(flat) == 1).all()


def test_the_interval_of_all_by_hand() -> None:
    """Near a normal one where it is narrow; none where nothing is expected."""
    total = Total(10_000.0, 4_000.0, 3_000.0, 2_000.0, 1_000.0)
    low, high = total.interval(LEVEL)
    assert low == pytest.approx(10_000 - 164.5, abs=2)
    assert high == pytest.approx(10_000 + 164.5, abs=2)
    assert Total(0.0, 0.0, 0.0, 0.0, 0.0).interval(LEVEL) == (0, 0)


def test_what_tests_widen_by_hand() -> None:
    """Three tests, twice what was thought, beside three windows that were learned from."""
    assert PastErrors(np.array([]), np.array([])).widening(4.0, 12.0) == 1
    three = PastErrors(np.array([4.0, 0, 8]), np.array([2.0, -2, 2]))
    assert three.widening(4.0, 12.0) == pytest.approx((3 + 3 * 4) / 6)
    overlapping = PastErrors(np.array([0.0, 2]), np.zeros(2))
    assert overlapping.widening(4.0, 12.0) == pytest.approx(3 / 4.5)
    low, high = Total(10_000.0, 2_500.0, 0.0, 0.0, 0.0).interval(LEVEL, 4.0)
    assert high - low == pytest.approx(2 * 164.5, abs=1)
    assert Total(90.0, 16.0, 4.0, 3.0, 2.0).off(80.0) == -2
    with pytest.raises(BadHistories, match="an origin and an error each"):
        PastErrors(np.array([1.0]), np.array([])).widening(4.0, 12.0)


def test_tests_mend_intervals_that_are_too_sure() -> None:
    """Of totals whose variance is twice what is thought, half of what is missing is learned."""
    chance = np.random.default_rng(4)
    total, missed = Total(10_000.0, 10_000.0, 0.0, 0.0, 0.0), np.sqrt(2.0)
    held = np.zeros((2_000, 2), bool)
    for row, off in zip(held, chance.normal(0, missed, (2_000, 13)), strict=True):
        tests = PastErrors(np.arange(12.0), off[:12])
        for column, widened in enumerate((1.0, tests.widening(1.0, 12.0))):
            low, high = total.interval(LEVEL, widened)
            row[column] = low <= 10_000 + 100 * off[12] <= high
    assert held.mean(axis=0) == pytest.approx([0.755, 0.845], abs=0.02)


@pytest.mark.slow
def test_intervals_of_simulated_customers_hold() -> None:
    chance = np.random.default_rng(3)
    bought = calendar_story.purchases(chance, 3_000, MODEL, np.ones(60))
    made = forecast(bought, 40.0, 13.0, 13.0, 1.0)
    happened = bought.within(made.customers, 40.0, 13.0)
    of_each = made.chances(60)
    assert 0.87 <= covered(of_each, happened, LEVEL).mean() <= 0.93
    assert 0.87 <= coverage(*shared(of_each, LEVEL), happened) <= 0.93
    assert coverage(*central(of_each, LEVEL), happened) > LEVEL
    low, high = made.total.interval(LEVEL)
    assert low <= happened.sum() <= high


@pytest.mark.slow
@pytest.mark.parametrize("deviation", [1e-9, 0.2])
def test_the_interval_of_all_holds_as_often_as_it_says(deviation: float) -> None:
    """Banks of a calendar that is even, and of one that moves everybody.

    Of a hundred at nine chances of ten, 84 to 96 hold by chance alone.
    """
    chance = np.random.default_rng(11)
    held = []
    for _ in range(100):
        path = calendar_story.weekly(chance, Shocks(deviation, 0.4), 60)
        bought = calendar_story.purchases(chance, 1_000, MODEL, path)
        made = forecast(bought, 45.0, 13.0, 13.0, 1.0)
        low, high = made.total.interval(LEVEL)
        held.append(low <= bought.within(made.customers, 45.0, 13.0).sum() <= high)
    assert 0.84 <= np.mean(held) <= 0.96
