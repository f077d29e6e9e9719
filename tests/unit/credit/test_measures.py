"""Measures against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from orchestration.credit.errors import BadSample
from orchestration.credit.measures import Auc, auc, auc_difference, brier, ks, psi


def drawn(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    bad = random.random(n) < 0.3
    return np.round(random.normal(size=n) + bad, 1), bad


@pytest.mark.parametrize("seed", range(5))
def test_auc_and_error_are_those_of_all_pairs(seed: int) -> None:
    risk, bad = drawn(120, seed)
    pairs = np.sign(risk[bad][:, None] - risk[~bad][None, :]) / 2 + 0.5
    m, n = pairs.shape
    found = auc(risk, bad)
    assert found.value == pytest.approx(pairs.mean())
    variance = pairs.mean(axis=1).var(ddof=1) / m + pairs.mean(axis=0).var(ddof=1) / n
    assert found.error == pytest.approx(np.sqrt(variance))
    assert found.gini == pytest.approx(2 * pairs.mean() - 1)


@pytest.mark.parametrize("seed", range(5))
def test_two_scores_on_the_same_rows_differ_by_their_pairs(seed: int) -> None:
    risk, bad = drawn(120, seed)
    other = risk + np.random.default_rng(seed + 50).normal(size=len(risk))
    pairs = [np.sign(of[bad][:, None] - of[~bad][None, :]) / 2 for of in (risk, other)]
    apart = pairs[0] - pairs[1]
    m, n = apart.shape
    variance = apart.mean(axis=1).var(ddof=1) / m + apart.mean(axis=0).var(ddof=1) / n
    difference, error = auc_difference(risk, other, bad)
    assert difference == pytest.approx(apart.mean())
    assert error == pytest.approx(np.sqrt(variance))
    assert auc_difference(risk, 2 * risk, bad) == (0, 0)


def test_the_interval_holds_as_often_as_it_says() -> None:
    truth = auc(*drawn(400_000, 99)).value
    held = 0
    for seed in range(400):
        low, high = auc(*drawn(200, seed)).interval(0.9)
        held += low <= truth <= high
    assert held / 400 == pytest.approx(0.9, abs=0.035)


def test_the_interval_of_a_sample_told_apart_is_open_to_one_side() -> None:
    found = auc(np.arange(100.0), np.arange(100) >= 40)
    assert found.value == 1
    assert found.interval(0.95) == (pytest.approx(1 - np.log(20) / 40), 1)


@pytest.mark.parametrize(("bads", "grades"), [(1, 0), (2, 0), (5, 0), (9, 0), (3, 10)])
def test_intervals_hold_at_few_bads_too(bads: int, grades: int) -> None:
    """A binormal score of AUC 0.9, whole or in so many grades, and 100 goods."""
    random = np.random.default_rng(bads)
    bad = np.arange(100 + bads) >= 100
    apart = np.sqrt(2) * norm.ppf(0.9)

    def scores(n: int, off: float) -> np.ndarray:
        found = random.normal(size=n) + off
        return np.digitize(found, np.linspace(-2, 3, grades - 1)) if grades else found

    truth = auc(
        np.r_[scores(100_000, 0), scores(100_000, apart)], np.arange(200_000) >= 100_000
    ).value
    held = 0
    for _ in range(300):
        low, high = auc(np.r_[scores(100, 0), scores(bads, apart)], bad).interval(0.95)
        held += low <= truth <= high
    assert held / 300 >= 0.96


def test_intervals_of_few_rows_are_wilsons() -> None:
    for won in range(5):
        wilson = binomtest(won, 4).proportion_ci(0.9, method="wilson")
        found = Auc(won / 4, 0.01, 4).interval(0.9)
        assert found == pytest.approx((wilson.low, wilson.high), abs=1e-12)


def test_few_rows_leave_no_narrow_interval() -> None:
    """One bad with few goods above it; a sample that is parted beside one that nearly is."""
    low, high = auc(np.r_[np.arange(200.0), 184.5], np.arange(201) == 200).interval(0.95)
    assert (low, high) == (pytest.approx(0.19, abs=0.02), pytest.approx(1, abs=0.01))
    parted, nearly = Auc(1.0, 0.0, 5).interval(0.95), Auc(0.999, 0.001, 5).interval(0.95)
    assert parted == pytest.approx(nearly, abs=0.01)
    lows = [Auc(1.0, 0.0, fewest).interval(0.95)[0] for fewest in range(1, 30)]
    assert (np.diff(lows) > -0.001).all(), "also where the rule of three takes over"


@pytest.mark.parametrize("seed", range(5))
def test_ks_is_the_widest_gap(seed: int) -> None:
    risk, bad = drawn(150, seed)
    gaps = [abs((risk[bad] <= at).mean() - (risk[~bad] <= at).mean()) for at in risk]
    assert ks(risk, bad) == pytest.approx(max(gaps))


def test_brier_by_hand() -> None:
    assert brier(np.array([0.2, 0.6]), np.array([False, True])) == pytest.approx(0.1)


def test_psi_by_hand() -> None:
    of = psi(np.array([50, 50]), np.array([25, 75]))
    assert of == pytest.approx(-0.25 * np.log(0.5) + 0.25 * np.log(1.5))
    assert psi(np.array([5, 10]), np.array([50, 100])) == 0
    assert psi(np.array([50, 0, 50]), np.array([25, 0, 75])) == of
    assert np.isfinite(psi(np.array([0, 10]), np.array([5, 5])))


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(BadSample, match="goods and bads"):
        auc(np.ones(3), np.zeros(3, bool))
    with pytest.raises(BadSample, match="without a score"):
        ks(np.array([1, np.nan]), np.array([True, False]))
    with pytest.raises(BadSample, match="same bins"):
        psi(np.array([1, 2]), np.array([1]))
