"""Back-tests by hand, and of CDNOW as the models' authors report it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.cdnow import before
from orchestration.value.backtest import backtest, coverage
from orchestration.value.beta_geometric import fit_beta_geometric
from orchestration.value.histories import BadHistories
from orchestration.value.pareto import fit_pareto
from tests.unit.value import cdnow

WEEKS = 39.0
HALF = pd.Timestamp("1997-10-01")


def test_errors_by_hand() -> None:
    found = backtest(np.array([1.0, 2, 3, 4]), np.array([0.0, 2, 5, 1]))
    assert found.mean_absolute == pytest.approx(1.5)
    assert found.root_mean_square == pytest.approx(np.sqrt(14 / 4))
    assert found.aggregate == pytest.approx(10 / 8 - 1)
    assert found.rank == pytest.approx(0.4)
    assert found.predicted.tolist() == [1, 2, 3, 4]
    assert found.happened.tolist() == [0, 2, 5, 1]


def test_tenths_are_of_equal_size_and_add_up() -> None:
    chance = np.random.default_rng(1)
    predicted, happened = chance.random(1_000), chance.random(1_000)
    found = backtest(predicted, happened)
    assert len(found.predicted) == 10
    assert (np.diff(found.predicted) > 0).all()
    assert found.happened.mean() == pytest.approx(happened.mean())


def test_what_says_nothing_is_no_number() -> None:
    found = backtest(np.ones(5), np.zeros(5))
    assert np.isnan([found.aggregate, found.rank]).all()


def test_intervals_include_their_ends() -> None:
    assert coverage(np.zeros(4), np.ones(4), np.array([0.0, 0.5, 1, 2])) == 0.75


def test_other_customers_are_refused() -> None:
    with pytest.raises(BadHistories, match="same customers"):
        backtest(np.ones(2), np.ones(3))
    with pytest.raises(BadHistories, match="numbers"):
        backtest(np.array([np.nan]), np.ones(1))


def test_cdnow_as_reported() -> None:
    """No worse than the archived package: BG/NBD 0.786, 1.608, -12.2 %; Pareto/NBD -11.5 %."""
    rows, weeks = cdnow.customers(), np.array([WEEKS])
    x, recency, age = (rows[name].to_numpy(float) for name in ("x", "t_x", "T"))
    purchases = cdnow.purchases()
    happened = purchases.within(np.unique(purchases.customer), before(HALF), 7 * WEEKS)
    one, _ = fit_beta_geometric(cdnow.histories())
    two, _ = fit_pareto(cdnow.histories())
    found = backtest(one.alive(x, recency, age) * one.purchases(x, age, weeks), happened)
    other = backtest(two.alive(x, recency, age) * two.purchases(x, age, weeks), happened)
    assert found.mean_absolute <= 0.786
    assert found.root_mean_square <= 1.6085
    assert found.aggregate == pytest.approx(-0.122, abs=0.001)
    assert other.aggregate == pytest.approx(-0.115, abs=0.001)
    assert other.mean_absolute < found.mean_absolute
    assert found.rank > 0.4
