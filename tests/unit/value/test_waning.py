"""Waning: slopes, what it is without an extra, planted waning found, CDNOW."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.value import waning
from orchestration.value.beta_geometric import BetaGeometric, fit_beta_geometric
from orchestration.value.histories import BadHistories, Floats, Histories
from orchestration.value.maximum import FITTED
from orchestration.value.waning import (
    Waning,
    WaningBetaGeometric,
    fit_as_evidence_says,
    fit_waning,
)
from tests.unit.value.random_histories import any_histories
from tests.unit.value.slopes import assert_slope_fits

PLANTED = (0.6, 8.0, 0.8, 3.0, 1.5, 6.0)


def who_slow_down(
    chance: np.random.Generator, customers: int, planted: tuple[float, ...]
) -> tuple[Histories, Floats, Floats]:
    """A waning BG/NBD's customers by its own story, by thinning: purchases come at the rate of the
    young, and of those at an age, the share that the rate has fallen to is kept."""
    model = WaningBetaGeometric.of(np.array(planted))
    age = chance.uniform(10, 100, customers)
    wait = 1 / np.maximum(chance.gamma(model.r, 1 / model.steady.alpha, customers), 1e-12)
    stops = chance.beta(model.steady.a, model.steady.b, customers)
    highest = 1 + model.waning.extra
    count, last, at = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    buys, ages = np.ones(customers, bool), []
    while buys.any():
        at = np.where(buys, at + chance.exponential(wait / highest), at)
        buys &= at <= age
        kept = buys & (chance.random(customers) * highest < model.waning.rate(at))
        count, last = count + kept, np.where(kept, at, last)
        ages.append(at[kept])
        buys &= ~kept | (chance.random(customers) >= stops)
    return Histories.counted(count, last, age), *_counted(np.concatenate(ages))


def _counted(ages: Floats) -> tuple[Floats, Floats]:
    at_age, bought = np.unique(ages, return_counts=True)
    return at_age, bought.astype(float)


@pytest.mark.parametrize("seed", range(10))
def test_slopes(seed: int) -> None:
    chance = np.random.default_rng(seed)
    histories = any_histories(seed)
    at_age = np.sort(chance.uniform(0.1, 50, 20))
    likelihood = waning.Likelihood(histories, at_age, chance.integers(1, 9, 20).astype(float))
    assert_slope_fits(likelihood, chance.uniform(-2, 2, 6))


def test_without_an_extra_it_is_the_plain_model() -> None:
    plain, alike = BetaGeometric(0.24, 4.4, 0.8, 2.4), Waning(0.0, 5.0)
    same = WaningBetaGeometric(plain, alike)
    x, recency, age = np.array([0.0, 1, 7]), np.array([0.0, 5, 30]), np.full(3, 39.0)
    assert (same.alive(x, recency, age) == plain.alive(x, recency, age)).all()
    np.testing.assert_allclose(
        same.purchases(x, age, np.array([9.0])), plain.purchases(x, age, np.array([9.0]))
    )
    np.testing.assert_allclose(
        same.counts((x, recency, age), 9.0, 20), plain.counts((x, recency, age), 9.0, 20)
    )


def test_what_was_lived_is_the_sum_of_the_rate() -> None:
    of = Waning(1.5, 6.0)
    ages = np.linspace(0, 50, 100_001)
    summed = np.concatenate(([0.0], np.cumsum((of.rate(ages)[1:] + of.rate(ages)[:-1]) / 2)))
    np.testing.assert_allclose(of.lived(ages), summed * ages[1], atol=1e-6)


def test_planted_waning_is_found() -> None:
    columns = who_slow_down(np.random.default_rng(5), 30_000, PLANTED)
    model, found = fit_waning(*columns)
    assert found.status == FITTED
    errors = (found.logs - np.log(PLANTED)) / np.sqrt(np.diag(found.covariance))
    assert np.abs(errors).max() < 3.5
    chosen, _ = fit_as_evidence_says(*columns)
    assert chosen == model


def test_where_nobody_slows_down_the_plain_model_is_kept() -> None:
    for seed in range(3):
        columns = who_slow_down(np.random.default_rng(seed), 3_000, (*PLANTED[:4], 1e-12, 6.0))
        chosen, _ = fit_as_evidence_says(*columns)
        assert chosen == fit_beta_geometric(columns[0])[0]


def test_purchases_of_others_are_refused() -> None:
    histories = any_histories(1)
    with pytest.raises(BadHistories, match="those of the histories"):
        fit_waning(histories, np.array([1.0]), np.array([1.0]))
