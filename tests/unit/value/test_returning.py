"""Returns of those who stopped: by hand, planted, and none."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.value.histories import BadHistories
from orchestration.value.returning import NOBODY_RETURNS, Returning, returning


def test_by_hand() -> None:
    """Of those surely gone, it is what they bought per time; those surely there say nothing."""
    alive = np.array([0.0, 0, 0, 0, 1])
    found = returning(alive, alive * 7, np.array([0.0, 2, 0, 1, 7]), 10.0)
    assert found.rate == pytest.approx(3 / 4 / 10)
    np.testing.assert_allclose(found.purchases(alive, 4.0), [0.3, 0.3, 0.3, 0.3, 0])


def test_a_calendar_that_moves_everybody_is_no_return() -> None:
    chance = np.random.default_rng(4)
    alive = np.where(chance.random(200_000) < 0.5, 1.0, 0.1)
    expected = alive * 2
    usual = np.where(chance.random(200_000) < alive, 2.0, 0.0) + (alive < 1) * 0.1
    even = returning(alive, expected, usual, 10.0)
    risen = returning(alive, expected, usual * 1.3, 10.0)
    assert even.rate == pytest.approx(0.1 / 0.9 / 10, rel=0.05)
    assert risen.rate == pytest.approx(even.rate, rel=1e-6)


def test_nobody_returns_where_no_more_was_bought_than_expected() -> None:
    alive = np.array([0.2, 0.5])
    assert returning(alive, np.array([1.0, 1]), np.array([0.0, 1]), 10.0) == NOBODY_RETURNS
    assert returning(alive, np.array([1.0, 1]), np.array([0.0, 0]), 10.0) == NOBODY_RETURNS
    assert returning(np.ones(2), np.ones(2), np.full(2, 9.0), 10.0) == NOBODY_RETURNS


def test_a_planted_rate_is_found_within_its_error() -> None:
    chance = np.random.default_rng(3)
    errors = []
    for _ in range(200):
        alive = chance.random(3_000)
        expected = alive * chance.gamma(0.5, 2, 3_000)
        there = chance.random(3_000) < alive
        bought = np.where(there, chance.poisson(expected / alive), 0)
        back = np.where(there, 0, chance.poisson(chance.gamma(0.5, 0.02 * 13 / 0.5, 3_000)))
        found = returning(alive, expected, (bought + back).astype(float), 13.0)
        errors.append((found.rate - 0.02) / found.error)
    assert abs(np.mean(errors)) < 0.25
    assert 0.8 < np.std(errors) < 1.2


def test_other_customers_are_refused() -> None:
    with pytest.raises(BadHistories, match="same customers"):
        returning(np.ones(2), np.ones(3), np.ones(2), 1.0)


def test_it_adds_nothing_of_those_who_are_there() -> None:
    assert Returning(0.1, 0.0).purchases(np.ones(1), 9.0) == [0]
