"""BG/NBD: published estimates, the archived package, and data that fix nothing."""

from __future__ import annotations

import numpy as np
import pytest
from lifetimes import BetaGeoFitter
from scipy.special import hyp2f1

from orchestration.value import beta_geometric
from orchestration.value.beta_geometric import BetaGeometric, fit_beta_geometric
from orchestration.value.maximum import FITTED
from tests.unit.value import cdnow
from tests.unit.value.random_histories import any_histories
from tests.unit.value.slopes import assert_slope_fits


def test_cdnow_as_published() -> None:
    """Fader, Hardie, Lee (2005), table 2, and their customer with x = 2, t_x = 30.43, T = 38.86."""
    model, found = fit_beta_geometric(cdnow.histories())
    assert [round(float(p), 3) for p in (model.r, model.alpha, model.a, model.b)] == [
        0.243, 4.414, 0.793, 2.426,
    ]  # fmt: skip
    assert round(found.log_likelihood, 1) == -9582.4
    assert found.status == FITTED
    one = (np.array([2.0]), np.array([30.43]), np.array([38.86]))
    expected = model.alive(*one) * model.purchases(one[0], one[2], np.array([39.0]))
    assert round(float(expected[0]), 3) == 1.226


@pytest.mark.parametrize("seed", range(20))
def test_the_likelihood_is_the_archived_package_s(seed: int) -> None:
    histories = any_histories(seed)
    parameters = np.exp(np.random.default_rng(seed).uniform(-2, 2, 4))
    value, _ = beta_geometric.Likelihood(histories)(np.log(parameters))
    columns = (histories.frequency, histories.recency, histories.age, histories.customers)
    theirs = -histories.total * BetaGeoFitter._negative_log_likelihood(
        np.log(parameters), *columns, 0.0
    )
    assert value == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_slopes(seed: int) -> None:
    logs = np.random.default_rng(seed).uniform(-3, 3, 4)
    assert_slope_fits(beta_geometric.Likelihood(any_histories(seed)), logs)


def test_expected_purchases_are_the_source_s_formula_where_that_holds() -> None:
    model = BetaGeometric(0.243, 4.414, 0.793, 2.426)
    x, age, ahead = np.meshgrid([0.0, 1, 5, 40], [1.0, 39, 300], [0.1, 39, 400])
    a, b = model.a, model.b + x
    late = model.alpha + age
    series = hyp2f1(model.r + x, b, a + b - 1, ahead / (late + ahead))
    source = (a + b - 1) / (a - 1) * (1 - (late / (late + ahead)) ** (model.r + x) * series)
    np.testing.assert_allclose(model.purchases(x, age, ahead), source, rtol=1e-9)


def test_many_purchases_over_long_times_stay_finite_and_in_order() -> None:
    model = BetaGeometric(0.243, 4.414, 0.793, 2.426)
    x = np.array([0.0, 1, 10, 100, 1_000, 10_000])
    for ahead in (1e-3, 1.0, 1e4):
        expected = model.purchases(x, np.full(6, 1e4), np.full(6, ahead))
        assert np.isfinite(expected).all()
        assert (np.diff(expected) > 0).all()
    alive = model.alive(x, np.where(x > 0, 9_999.0, 0), np.full(6, 1e4))
    assert ((alive >= 0) & (alive <= 1)).all()


def test_another_unit_of_time_says_the_same() -> None:
    weeks = cdnow.histories()
    in_weeks, found = fit_beta_geometric(weeks)
    in_days, again = fit_beta_geometric(weeks.scaled(1 / 7))
    assert in_days.alpha == pytest.approx(7 * in_weeks.alpha, rel=1e-9)
    assert again.log_likelihood == pytest.approx(
        found.log_likelihood - weeks.purchases * np.log(7), rel=1e-12
    )


def test_counts_add_up_to_one_and_to_the_expected_purchases() -> None:
    model = BetaGeometric(0.8, 6.0, 0.7, 2.5)
    x, recency, age = np.array([0.0, 1, 6, 40]), np.array([0.0, 30, 35, 38]), np.full(4, 39.0)
    chances = model.counts((x, recency, age), 20.0, 400)
    expected = model.alive(x, recency, age) * model.purchases(x, age, np.array([20.0]))
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-9)
    np.testing.assert_allclose(chances @ np.arange(401.0), expected, rtol=1e-8)
    assert (chances >= 0).all()


def test_counts_are_those_of_simulated_customers() -> None:
    """Customers of the story up to 39, of whom those with one history are followed for 20 more."""
    model = BetaGeometric(0.8, 6.0, 0.7, 2.5)
    chance = np.random.default_rng(8)
    wait = 1 / chance.gamma(model.r, 1 / model.alpha, 400_000)
    stops = chance.beta(model.a, model.b, len(wait))
    alike = (1.0, 20.0, 25.0, 39.0)
    count, last, later = np.zeros(len(wait)), np.zeros(len(wait)), np.zeros(len(wait))
    at, buys = np.zeros(len(wait)), np.ones(len(wait), bool)
    while buys.any():
        at = np.where(buys, at + chance.exponential(wait), at)
        buys &= at <= alike[3] + 20
        known = buys & (at <= alike[3])
        count, last = count + known, np.where(known, at, last)
        later += buys & ~known
        buys &= chance.random(len(wait)) >= stops
    chosen = (count == alike[0]) & (last >= alike[1]) & (last <= alike[2])
    shares = np.bincount(later[chosen].astype(int), minlength=4)[:4] / chosen.sum()
    history = (np.array([1.0]), np.array([22.6]), np.array([39.0]))
    np.testing.assert_allclose(shares, model.counts(history, 20.0, 3)[0], atol=0.012)
