"""Migration against an example by hand, closed forms and drawn histories."""

from __future__ import annotations

import math

import numpy as np
import pytest

from orchestration.credit.errors import BadSample
from orchestration.credit.validation.migration import Stays, cohorts, generator, over, stays

A, B, D = range(3)


def lando_skodeberg() -> Stays:
    """A year of 20 companies, 10 in A and 10 in B, after the example of Lando, Skødeberg (2002).

    One leaves A for B after a month, one B for A after two, and one defaults from B after six.
    """
    state = np.array([A] * 9 + [A, B] + [B] * 8 + [B, A] + [B])
    months = np.array([12] * 9 + [1, 11] + [12] * 8 + [2, 10] + [6])
    after = np.array([-1] * 9 + [B, -1] + [-1] * 8 + [A, -1] + [D])
    return stays(state, months / 12, after, 3)


def test_the_example_by_hand() -> None:
    rates = generator(lando_skodeberg())
    a, b = 1 / (9 + 1 / 12 + 10 / 12), 1 / (8 + 11 / 12 + 2 / 12 + 6 / 12)
    assert rates == pytest.approx(np.array([[-a, a, 0], [b, -2 * b, b], [0, 0, 0]]))
    year = over(rates, 1)
    assert year.sum(axis=1) == pytest.approx([1, 1, 1])
    # No company of A defaulted; that none can is what a cohort would say.
    assert year[A, D] == pytest.approx(0.005, abs=0.0005)
    seen = cohorts(np.array([[9, 1, 0], [1, 8, 1], [0, 0, 0]]), np.zeros(3, np.int64))
    assert seen.matrix[:2] == pytest.approx(np.array([[0.9, 0.1, 0], [0.1, 0.8, 0.1]]))


def test_one_grade_and_default_have_a_closed_form() -> None:
    rates = generator(Stays(np.array([[0, 3], [0, 0]]), np.array([20.0, 4.0])))
    found = over(rates, 2.5)
    assert found == pytest.approx(np.array([[math.exp(-0.375), 1 - math.exp(-0.375)], [0, 1]]))


@pytest.mark.parametrize("years", [0.25, 1, 3])
def test_chances_are_the_limit_of_many_small_steps(years: float) -> None:
    rates = generator(lando_skodeberg())
    steps = 2**20
    plain = np.linalg.matrix_power(np.eye(3) + rates * years / steps, steps)
    assert over(rates, years) == pytest.approx(plain, abs=1e-6)


def test_no_time_moves_nobody_and_times_add_up() -> None:
    rates = generator(lando_skodeberg())
    assert over(rates, 0) == pytest.approx(np.eye(3))
    assert over(rates, 1) @ over(rates, 2) == pytest.approx(over(rates, 3))


def test_drawn_histories_give_the_rates_that_they_were_drawn_by() -> None:
    """Half of them withdraw at some time, which moves no rate."""
    random = np.random.default_rng(11)
    leave = np.array([0.3, 0.5])
    n = 40_000
    state = np.repeat([A, B], n // 2)
    until_move = random.exponential(1 / leave[state])
    until_seen = random.uniform(0, 3, n)
    moved = until_move < until_seen
    to = np.where(state == A, B, np.where(random.random(n) < 0.4, D, A))
    found = stays(state, np.minimum(until_move, until_seen), np.where(moved, to, -1), 3)
    expected = np.array([[-0.3, 0.3, 0], [0.3, -0.5, 0.2], [0, 0, 0]])
    assert generator(found) == pytest.approx(expected, abs=0.02)


def test_the_withdrawn_stand_beside_the_shares() -> None:
    found = cohorts(np.array([[6, 2], [0, 0]]), np.array([2, 5]))
    assert found.matrix == pytest.approx(np.array([[0.75, 0.25], [np.nan] * 2]), nan_ok=True)
    assert found.withdrawn == pytest.approx([0.2, 1])
    nobody = cohorts(np.zeros((1, 1), np.int64), np.zeros(1, np.int64))
    assert np.isnan(nobody.matrix).all()
    assert np.isnan(nobody.withdrawn).all()


def test_nobody_moves_nowhere() -> None:
    empty = np.zeros(0, np.int64)
    found = stays(empty, np.zeros(0), empty, 2)
    assert over(generator(found), 5) == pytest.approx(np.eye(2))


@pytest.mark.parametrize(
    ("state", "years", "after", "sentence"),
    [
        ([0], [-1.0], [1], "less than nothing"),
        ([0], [np.nan], [1], "less than nothing"),
        ([2], [1.0], [0], "beyond the 2"),
        ([0], [1.0], [2], "beyond the 2"),
        ([1], [1.0], [1], "one stay"),
    ],
)
def test_stays_that_cannot_be_are_refused(
    state: list[int], years: list[float], after: list[int], sentence: str
) -> None:
    with pytest.raises(BadSample, match=sentence):
        stays(np.array(state), np.array(years), np.array(after), 2)


def test_moves_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadSample, match="from each state to each"):
        cohorts(np.zeros((2, 3), np.int64), np.zeros(2, np.int64))
    with pytest.raises(BadSample, match="once per state"):
        cohorts(np.zeros((2, 2), np.int64), np.zeros(3, np.int64))
    with pytest.raises(BadSample, match="held for any time"):
        generator(Stays(np.array([[0, 1], [0, 0]]), np.zeros(2)))
    with pytest.raises(BadSample, match="add up to nought"):
        over(np.array([[-1.0, 0.5], [0, 0]]), 1)
    with pytest.raises(BadSample, match="in the past"):
        over(np.zeros((2, 2)), -1)
