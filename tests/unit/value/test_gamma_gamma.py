"""Gamma-gamma: published estimates, slopes, and amounts that fix nothing."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.value import gamma_gamma
from orchestration.value.gamma_gamma import GammaGamma, fit_gamma_gamma
from orchestration.value.histories import BadHistories
from orchestration.value.maximum import FITTED, REGULARISED
from tests.unit.value import cdnow
from tests.unit.value.slopes import assert_slope_fits


def test_cdnow_as_published() -> None:
    """Fader, Hardie (2013): p = 6.25, q = 3.74, gamma = 15.44."""
    repeats = cdnow.customers().query("x > 0")
    model, found = fit_gamma_gamma(repeats["x"].to_numpy(float), repeats["zbar"].to_numpy(float))
    assert model.p == pytest.approx(6.25, abs=0.005)
    assert model.q == pytest.approx(3.74, abs=0.005)
    assert model.gamma == pytest.approx(15.44, abs=0.02)
    assert found.status == FITTED


@pytest.mark.parametrize("seed", range(10))
def test_slopes(seed: int) -> None:
    chance = np.random.default_rng(seed)
    counts = np.floor(np.exp(chance.uniform(0, 6, 50)))
    amounts = np.exp(chance.normal(0, 2, 50))
    likelihood = gamma_gamma.Likelihood(counts, amounts, chance.integers(1, 5, 50).astype(float))
    assert_slope_fits(likelihood, chance.uniform(-2, 2, 3))


def test_more_purchases_speak_louder_than_everybody() -> None:
    model = GammaGamma(6.25, 3.74, 15.44)
    everybody = model.p * model.gamma / (model.q - 1)
    assert model.spend(np.array([0.0]), np.array([0.0]))[0] == pytest.approx(everybody)
    said = model.spend(np.array([1.0, 10, 10_000]), np.array([100.0] * 3))
    assert (np.diff(said) > 0).all()
    assert said[-1] == pytest.approx(100, rel=1e-3)


def test_without_a_purchase_spend_may_have_no_bound() -> None:
    model = GammaGamma(2.0, 0.9, 10.0)
    assert model.spend(np.array([0.0, 1.0]), np.array([0.0, 5.0])).tolist()[0] == np.inf


@pytest.mark.parametrize(
    ("counts", "amounts"),
    [([1], [5]), ([1] * 50, [7] * 50), ([10_000] * 3, [1e6] * 3), ([1, 1], [1e-2, 1e8])],
)
def test_degenerate_amounts_have_a_named_fallback(
    counts: list[float], amounts: list[float]
) -> None:
    model, found = fit_gamma_gamma(np.array(counts, float), np.array(amounts, float))
    assert found.has_converged
    assert found.status == REGULARISED
    assert np.isfinite([model.p, model.q, model.gamma]).all()


def test_amounts_that_are_none_are_refused() -> None:
    with pytest.raises(BadHistories, match="above 0"):
        fit_gamma_gamma(np.array([1.0, 2.0]), np.array([5.0, 0.0]))
    with pytest.raises(BadHistories, match="nobody"):
        fit_gamma_gamma(np.array([]), np.array([]))


def test_another_currency_says_the_same() -> None:
    repeats = cdnow.customers().query("x > 0")
    counts, amounts = repeats["x"].to_numpy(float), repeats["zbar"].to_numpy(float)
    dollars, _ = fit_gamma_gamma(counts, amounts)
    cents, _ = fit_gamma_gamma(counts, 100 * amounts)
    assert cents.gamma == pytest.approx(100 * dollars.gamma, rel=1e-8)
    assert (cents.p, cents.q) == pytest.approx((dollars.p, dollars.q), rel=1e-8)
