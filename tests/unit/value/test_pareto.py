"""Pareto/NBD: published estimates, the archived package, and data that fix nothing."""

from __future__ import annotations

import numpy as np
import pytest
from lifetimes import ParetoNBDFitter
from scipy.integrate import quad
from scipy.special import gammaln

from orchestration.value import pareto
from orchestration.value.histories import Histories
from orchestration.value.maximum import FITTED
from orchestration.value.pareto import Pareto, fit_pareto
from tests.unit.value import cdnow
from tests.unit.value.random_histories import any_histories
from tests.unit.value.slopes import assert_slope_fits


def test_cdnow_as_published() -> None:
    """Fader, Hardie, Lee (2005), table 2."""
    model, found = fit_pareto(cdnow.histories())
    assert [round(float(p), 3) for p in (model.r, model.alpha, model.s, model.beta)] == [
        0.553, 10.578, 0.606, 11.668,
    ]  # fmt: skip
    assert round(found.log_likelihood, 1) == -9595.0
    assert found.status == FITTED


@pytest.mark.parametrize("seed", range(20))
def test_slopes(seed: int) -> None:
    logs = np.random.default_rng(seed).uniform(-3, 3, 4)
    assert_slope_fits(pareto.Likelihood(any_histories(seed)), logs)


def test_the_likelihood_and_predictions_are_the_archived_package_s() -> None:
    rows = cdnow.customers()
    x, recency, age = (rows[name].to_numpy(float) for name in ("x", "t_x", "T"))
    model = Pareto(0.5, 9.0, 0.7, 14.0)
    logs = np.log([model.r, model.alpha, model.s, model.beta])
    theirs = ParetoNBDFitter()
    theirs.params_ = dict(zip(pareto.NAMES, np.exp(logs), strict=True))
    value, _ = pareto.Likelihood(Histories.counted(x, recency, age))(logs)
    ones = np.ones(len(x))
    expected = ParetoNBDFitter._conditional_log_likelihood(np.exp(logs), x, recency, age)
    assert value == pytest.approx(float(ones @ expected), rel=1e-10)
    np.testing.assert_allclose(
        model.alive(x, recency, age),
        theirs.conditional_probability_alive(x, recency, age),
        rtol=1e-8,
    )
    np.testing.assert_allclose(
        model.alive(x, recency, age) * model.purchases(x, age, np.array([39.0])),
        theirs.conditional_expected_number_of_purchases_up_to_time(39.0, x, recency, age),
        rtol=1e-8,
    )


@pytest.mark.parametrize("seed", range(30))
def test_leaving_is_added_up_exactly(seed: int) -> None:
    """The sum over nodes against an adaptive rule in plain time, where that one manages."""
    chance = np.random.default_rng(seed)
    r, alpha, s, beta = np.exp(chance.uniform(-2, 3, 4))
    x = float(chance.integers(0, 30))
    age = float(np.exp(chance.uniform(0, 5)))
    recency = age * chance.random() if x else 0.0

    def weight(y: float) -> float:
        fallen = (r + x) * np.log((alpha + y) / (alpha + recency))
        return float(np.exp(-fallen - (s + 1) * np.log((beta + y) / (beta + recency))))

    expected, _ = quad(weight, recency, age, epsabs=0, epsrel=1e-12, limit=500)
    gone = pareto._Gone(
        Pareto(r, alpha, s, beta), np.array([x]), np.array([recency]), np.array([age])
    )
    beside = np.log(s) - (r + x) * np.log(alpha + recency) - (s + 1) * np.log(beta + recency)
    assert float(gone.log_left[0] - beside) == pytest.approx(np.log(expected), abs=1e-10)


def test_likelihoods_of_all_counts_add_up_to_one() -> None:
    """Of a customer of a given age, every number of purchases and every recency together."""
    model = Pareto(0.8, 3.0, 0.6, 5.0)
    age = 7.0
    logs = np.log([model.r, model.alpha, model.s, model.beta])

    def density(x: int, recency: float) -> float:
        of_one = Histories(*(np.array([v]) for v in (float(x), recency, age, 1.0)))
        return float(np.exp(pareto.Likelihood(of_one)(logs)[0]))

    total = density(0, 0.0)
    for x in range(1, 60):
        # Earlier purchases lie anywhere before the last one.
        orders = lambda t, x=x: density(x, t) * np.exp((x - 1) * np.log(t) - gammaln(x))  # noqa: E731
        total += quad(orders, 0, age, epsrel=1e-9)[0]
    assert total == pytest.approx(1, abs=1e-6)


def test_many_purchases_over_long_times_stay_finite() -> None:
    model = Pareto(0.553, 10.578, 0.606, 11.669)
    x = np.array([0.0, 1, 100, 10_000])
    for recency in (0.001, 5_000.0, 10_000.0):
        alive = model.alive(x, np.where(x > 0, recency, 0), np.full(4, 1e4))
        assert ((alive >= 0) & (alive <= 1)).all()
    for s in (0.5, 1.0, 1 + 1e-13, 3.0):
        expected = Pareto(0.5, 10.0, s, 12.0).purchases(x, np.full(4, 1e4), np.array([1e4]))
        assert np.isfinite(expected).all()
