"""Fits of purchases: no data, however odd, leave them without an answer that says what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import pytest

from orchestration.value.beta_geometric import fit_beta_geometric
from orchestration.value.histories import Columns, Histories
from orchestration.value.maximum import FITTED, REGULARISED, Maximum
from orchestration.value.pareto import fit_pareto
from tests.unit.value.random_histories import (
    DEGENERATE,
    degenerate,
    who_leaves_at_any_time,
    who_stops_after_a_purchase,
)


@dataclass(frozen=True)
class Model:
    """A model's fit and story; parameters to plant, and how those of banks scatter about what."""

    fit: Callable[[Histories], tuple[Any, Maximum]]
    story: Callable[..., Columns]
    planted: tuple[float, ...]
    middle: tuple[float, ...]
    scatter: tuple[float, ...]
    most: int
    fitted_at_least: int
    # Odd data that fix even these parameters.
    fixed_by: frozenset[str] = frozenset()


MODELS = {
    "beta_geometric": Model(
        fit_beta_geometric,
        who_stops_after_a_purchase,
        planted=(0.6, 8.0, 0.8, 3.0),
        middle=(-0.5, 1.5, 0.0, 1.0),
        scatter=(1.0, 1.2, 1.0, 1.0),
        most=500,
        fitted_at_least=600,
    ),
    "pareto": Model(
        fit_pareto,
        who_leaves_at_any_time,
        planted=(0.6, 8.0, 0.7, 12.0),
        middle=(-0.5, 2.0, -0.5, 2.5),
        scatter=(0.7, 1.0, 0.7, 1.0),
        most=250,
        fitted_at_least=500,
        fixed_by=frozenset({"two customers who differ in everything", "half never, half always"}),
    ),
}


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> Model:
    return MODELS[request.param]


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_data_have_a_named_fallback(model: Model, name: str) -> None:
    fitted, found = model.fit(degenerate(name))
    assert found.has_converged
    assert found.status == REGULARISED or name in model.fixed_by
    assert np.isfinite([*astuple(fitted), found.log_likelihood]).all()
    assert np.isfinite(found.covariance).all()


@pytest.mark.slow
def test_every_simulated_bank_is_fitted(model: Model) -> None:
    chance = np.random.default_rng(1)
    statuses = []
    for _ in range(1_000):
        drawn = np.exp(chance.normal(model.middle, model.scatter))
        columns = model.story(chance, int(chance.integers(2, model.most)), *drawn)
        fitted, found = model.fit(Histories.counted(*columns))
        assert found.has_converged, (drawn, fitted)
        assert np.isfinite(found.covariance).all()
        statuses.append(found.status)
    assert statuses.count(FITTED) > model.fitted_at_least


def test_planted_parameters_are_found(model: Model) -> None:
    columns = model.story(np.random.default_rng(4), 30_000, *model.planted)
    _, found = model.fit(Histories.counted(*columns))
    errors = (found.logs - np.log(model.planted)) / np.sqrt(np.diag(found.covariance))
    assert np.abs(errors).max() < 3.5
