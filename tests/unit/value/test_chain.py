"""The migration chain: against walking every path, and against banks of known moves and margins."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from orchestration.value.chain import Chain, Movements, estimate
from orchestration.value.histories import BadHistories, Floats

MOVES = np.array([[0.90, 0.06, 0.01, 0.03], [0.05, 0.85, 0.08, 0.02], [0.0, 0.1, 0.88, 0.02]])
MARGINS, SCATTER = np.array([-2.0, 10.0, 40.0]), np.array([4.0, 9.0, 25.0])
DISCOUNT, MONTHS = 0.99, 24


def known(moves: Floats = MOVES, margin: Floats = MARGINS, scatter: Floats = SCATTER) -> Chain:
    """A chain of which everything is known."""
    n = len(margin)
    return Chain(moves, np.full(n, 1e12), margin, np.zeros(n), scatter**2)


def drawn(chance: np.random.Generator, customers: int, months: int) -> Movements:
    """A small bank's months: everybody starts somewhere and moves as MOVES says."""
    n = len(MARGINS)
    state = chance.integers(0, n, customers)
    moves, margins = np.zeros((n, n + 1)), [[] for _ in range(n)]
    for _ in range(months):
        for i in range(n):
            here = int((state == i).sum())
            margins[i].extend(chance.normal(MARGINS[i], SCATTER[i], here))
        following = (chance.random(len(state))[:, None] > MOVES.cumsum(axis=1)[state]).sum(axis=1)
        np.add.at(moves, (state, following), 1)
        state = following[following < n]
    count = np.array([len(of) for of in margins], float)
    mean = np.array([np.mean(of) for of in margins])
    return Movements(moves, count, mean, np.array([np.var(of, ddof=1) for of in margins]))


def test_values_are_the_sum_over_all_paths() -> None:
    months = 5
    value = known().value(months, DISCOUNT)
    for start in range(3):
        first = second = 0.0
        for path in product(range(4), repeat=months):
            chance, gained, scattered, at = 1.0, 0.0, 0.0, start
            for t, state in enumerate(path, 1):
                chance *= float(state == 3) if at == 3 else MOVES[at, state]
                at = state
                if state < 3:
                    gained += DISCOUNT**t * MARGINS[state]
                    scattered += DISCOUNT ** (2 * t) * SCATTER[state] ** 2
            first += chance * gained
            second += chance * (gained**2 + scattered)
        assert value.expected[start] == pytest.approx(first, rel=1e-12)
        assert value.deviation[start] ** 2 == pytest.approx(second - first**2, rel=1e-10)


def test_nothing_lost_and_nothing_discounted_is_the_plain_sum() -> None:
    forever = np.hstack([np.eye(2), np.zeros((2, 1))])
    value = known(forever, np.array([3.0, -1.0]), np.zeros(2)).value(36, 1.0)
    assert value.expected.tolist() == pytest.approx([108, -36])
    assert value.deviation.tolist() == [0, 0]


def test_errors_are_what_differences_say() -> None:
    """The variance of V by its slopes in every transition and margin, taken numerically."""
    seen = drawn(np.random.default_rng(5), 400, 12)
    chain = estimate(seen, 1.0)
    step = 1e-6
    base = chain.value(MONTHS, DISCOUNT).expected

    def moved(transitions: Floats, margin: Floats) -> Floats:
        other = Chain(transitions, chain.seen, margin, chain.margin_error, chain.variance)
        return (other.value(MONTHS, DISCOUNT).expected - base) / step

    variance = np.zeros(3)
    for i in range(3):
        row = chain.transitions[i]
        covariance = (np.diag(row) - np.outer(row, row)) / (chain.seen[i] + 1)
        slopes = np.empty((3, 4))
        for j in range(4):
            transitions = chain.transitions.copy()
            transitions[i, j] += step
            slopes[:, j] = moved(transitions, chain.margin)
        variance += np.einsum("sj,jk,sk->s", slopes, covariance, slopes)
        margin = chain.margin.copy()
        margin[i] += step
        variance += (moved(chain.transitions, margin) * chain.margin_error[i]) ** 2
    np.testing.assert_allclose(chain.value(MONTHS, DISCOUNT).error, np.sqrt(variance), rtol=1e-4)


def test_stated_intervals_hold_the_planted_values() -> None:
    """200 small banks of known moves: 95 % intervals hold 90 to 99 % of the values."""
    chance = np.random.default_rng(11)
    planted = known().value(MONTHS, DISCOUNT).expected
    inside = []
    for _ in range(200):
        value = estimate(drawn(chance, 300, 12), 1.0).value(MONTHS, DISCOUNT)
        inside.append(np.abs(value.expected - planted) <= 1.96 * value.error)
    assert 0.90 <= np.mean(inside) <= 0.99


def test_stated_intervals_hold_of_a_state_that_few_were_in() -> None:
    """300 banks that saw ten moves from a state whose margin is large, smoothed as policy ships."""
    chance = np.random.default_rng(7)
    seen = [2_000, 500, 10]
    planted = known().value(MONTHS, DISCOUNT).expected
    inside = []
    for _ in range(300):
        moves = np.array([chance.multinomial(n, MOVES[i]) for i, n in enumerate(seen)], float)
        drawn_margins = [chance.normal(MARGINS[i], SCATTER[i], n) for i, n in enumerate(seen)]
        margin = np.array([margins.mean() for margins in drawn_margins])
        variance = np.array([margins.var() for margins in drawn_margins])
        movements = Movements(moves, np.array(seen, float), margin, variance)
        value = estimate(movements, 5.0).value(MONTHS, DISCOUNT)
        inside.append(np.abs(value.expected - planted) <= 1.96 * value.error)
    held = np.mean(inside, axis=0)
    assert held.min() >= 0.90
    assert held.max() <= 0.99


def test_single_customers_scatter_as_said() -> None:
    chance = np.random.default_rng(3)
    value = known().value(MONTHS, DISCOUNT)
    gained = np.zeros(20_000)
    state = np.zeros(20_000, int)
    for t in range(1, MONTHS + 1):
        there = state < 3
        rows = np.vstack([MOVES, [0, 0, 0, 1]])[state]
        state = (chance.random(len(state))[:, None] > rows.cumsum(axis=1)).sum(axis=1)
        there = state < 3
        at = np.where(there, state, 0)
        gained += there * DISCOUNT**t * chance.normal(MARGINS[at], SCATTER[at])
    assert gained.mean() == pytest.approx(value.expected[0], abs=4 * value.deviation[0] / 141)
    assert gained.std() == pytest.approx(value.deviation[0], rel=0.03)


def test_a_state_that_nobody_was_in_behaves_like_the_rest() -> None:
    moves = np.array([[80.0, 15, 0, 5], [10, 85, 0, 5], [0, 0, 0, 0]])
    seen = Movements(moves, np.array([100.0, 100, 0]), np.array([1.0, 3, 0]), np.ones(3))
    chain = estimate(seen, 2.0)
    np.testing.assert_allclose(chain.transitions.sum(axis=1), 1)
    assert chain.transitions[2, 2] == pytest.approx(165 / 200)
    assert chain.transitions[2, 3] == pytest.approx(10 / 200)
    assert chain.margin[2] == pytest.approx(2)
    value = chain.value(MONTHS, DISCOUNT)
    assert value.error[2] > value.error[0]
    assert np.isfinite(value.expected).all()


def test_one_state_is_a_chain() -> None:
    seen = Movements(np.array([[90.0, 10]]), np.array([100.0]), np.array([5.0]), np.array([0.0]))
    chain = estimate(seen, 1.0)
    expected = sum(5 * (DISCOUNT * 0.9) ** t for t in range(1, 13))
    assert chain.value(12, DISCOUNT).expected[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("moves", "months", "margin", "said"),
    [
        (np.zeros((2, 2)), np.ones(2), np.ones(2), "a column more"),
        (-np.ones((1, 2)), np.ones(1), np.ones(1), "not below 0"),
        (np.ones((1, 2)), np.ones(1), np.array([np.nan]), "numbers"),
    ],
)
def test_what_is_no_movement_is_refused(
    moves: Floats, months: Floats, margin: Floats, said: str
) -> None:
    with pytest.raises(BadHistories, match=said):
        Movements(moves, months, margin, np.zeros(len(margin)))


def test_nothing_seen_and_no_smoothing_are_refused() -> None:
    nobody = Movements(np.zeros((1, 2)), np.zeros(1), np.zeros(1), np.zeros(1))
    with pytest.raises(BadHistories, match="nobody was seen"):
        estimate(nobody, 1.0)
    with pytest.raises(BadHistories, match="smoothing"):
        estimate(nobody, 0.0)
