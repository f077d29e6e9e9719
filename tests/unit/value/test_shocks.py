"""Shocks of the calendar: what they add up to, and planted ones found."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.value.histories import BadHistories
from orchestration.value.shocks import Shocks, fit_shocks


def test_variances_by_hand() -> None:
    assert Shocks(0.2, 0.0).variance(4) == pytest.approx(0.04 / 4)
    assert Shocks(0.2, 1.0).variance(4) == pytest.approx(0.04)
    assert Shocks(0.2, 0.5).variance(2) == pytest.approx(0.04 * (1 + 0.5) / 2)
    assert Shocks(0.2, 0.5).variance(1) == pytest.approx(0.04)
    # Half a period counts half: shares of two thirds and one third.
    assert Shocks(0.2, 0.5).variance(1.5) == pytest.approx(0.04 * (4 + 1 + 2) / 9)


def test_planted_shocks_are_found() -> None:
    chance = np.random.default_rng(6)
    shock, seen = 0.0, []
    for _ in range(2_000):
        shock = 0.6 * shock + chance.normal() * 0.2 * np.sqrt(1 - 0.36)
        seen.append(chance.poisson(500 * max(1 + shock, 0)))
    found = fit_shocks(np.full(2_000, 500.0), np.array(seen, float))
    assert found.deviation == pytest.approx(0.2, rel=0.1)
    assert found.persistence == pytest.approx(0.6, abs=0.08)


def test_poisson_s_noise_is_no_shock() -> None:
    expected = np.random.default_rng(2).uniform(20, 90, 400)
    happened = np.random.default_rng(1).poisson(expected).astype(float)
    assert fit_shocks(expected, happened).deviation < 0.05


def test_few_periods_have_usual_shocks() -> None:
    found = fit_shocks(np.array([]), np.array([]))
    assert (found.deviation, found.persistence) == (pytest.approx(0.1), pytest.approx(0.5))


def test_periods_without_expectation_are_refused() -> None:
    with pytest.raises(BadHistories, match="expected of each period"):
        fit_shocks(np.array([1.0, 0]), np.ones(2))
