"""Ranking by grades against all pairs of companies, and concentration by hand."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.credit.errors import BadSample
from orchestration.credit.validation.concentration import concentration
from orchestration.credit.validation.ranking import ranking


@pytest.mark.parametrize("seed", range(5))
def test_counts_say_what_all_pairs_of_companies_say(seed: int) -> None:
    random = np.random.default_rng(seed)
    companies = random.integers(0, 30, 6)
    defaults = random.binomial(companies, np.linspace(0.05, 0.6, 6))
    pairs = [
        ((bad > good) + (bad == good) / 2, defaults[bad] * (companies[good] - defaults[good]))
        for bad in range(6)
        for good in range(6)
    ]
    won, weight = np.array(pairs).T
    found = ranking(companies, defaults, 0.95)
    assert found is not None
    assert found.auc == pytest.approx((won * weight).sum() / weight.sum())
    value, low, high = found.accuracy_ratio
    assert value == pytest.approx(2 * found.auc - 1)
    assert (low, high) == pytest.approx((2 * found.auc_low - 1, 2 * found.auc_high - 1))
    assert found.auc_low < found.auc < found.auc_high


def test_one_grade_ranks_nobody() -> None:
    found = ranking(np.array([20]), np.array([5]), 0.95)
    assert found is not None
    assert found.accuracy_ratio[0] == 0


@pytest.mark.parametrize("defaults", [[0, 0], [4, 6]])
def test_without_a_default_or_a_survivor_there_is_no_order(defaults: list[int]) -> None:
    assert ranking(np.array([4, 6]), np.array(defaults), 0.95) is None


def test_nobody_has_no_order() -> None:
    assert ranking(np.zeros(0, np.int64), np.zeros(0, np.int64), 0.95) is None


def test_concentration_by_hand() -> None:
    """Shares 1/2, 1/4, 1/4: squares add up to 3/8; (3/8 - 1/3) / (2/3) = 1/16."""
    found = concentration(np.array([10, 5, 5]))
    assert found is not None
    assert found.index == pytest.approx(3 / 8)
    assert found.normalised == pytest.approx(1 / 16)
    assert found.effective == pytest.approx(8 / 3)


def test_ends_of_concentration() -> None:
    alike, one = concentration(np.array([7, 7, 7, 7])), concentration(np.array([0, 9, 0]))
    assert alike is not None
    assert one is not None
    assert (alike.index, alike.normalised) == pytest.approx((0.25, 0))
    assert (one.index, one.normalised, one.effective) == pytest.approx((1, 1, 1))
    single = concentration(np.array([3]))
    assert single is not None
    assert single.normalised is None
    assert concentration(np.array([0, 0])) is None
    with pytest.raises(BadSample, match="once per grade"):
        concentration(np.array([-1]))
