"""Shifted beta-geometric: the two cohorts it was published with."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaln

from orchestration.value.histories import BadHistories
from orchestration.value.maximum import FITTED, REGULARISED
from orchestration.value.retention import Retention, fit_retention

# Of 1,000 customers, how many are left after each year: Fader, Hardie (2007), table 1.
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
YEARS_FITTED = 7


@pytest.mark.parametrize(("left", "a", "b"), [(HIGH_END, 0.668, 3.806), (REGULAR, 0.704, 1.182)])
def test_the_two_cohorts_as_published(left: list[int], a: float, b: float) -> None:
    known = np.array(left[: YEARS_FITTED + 1], float)
    model, found = fit_retention(known[1:], -np.diff(known))
    assert (round(float(model.a), 3), round(float(model.b), 3)) == (a, b)
    assert found.status == FITTED
    # Twelve years on the curve is still within two customers in a hundred.
    np.testing.assert_allclose(model.survival(12) * 1000, left[1:], atol=20)


def test_survival_is_a_ratio_of_beta_functions() -> None:
    model = Retention(0.7, 2.5)
    n = np.arange(1, 11)
    expected = np.exp(betaln(0.7, 2.5 + 4 + n) - betaln(0.7, 2.5 + 4))
    np.testing.assert_allclose(model.survival(10, after=4), expected, rtol=1e-12)


def test_cohorts_of_any_age_count_in_the_periods_they_were_seen_in() -> None:
    together, _ = fit_retention(np.array([90.0, 40]), np.array([10.0, 4]))
    twice, _ = fit_retention(np.array([180.0, 80]), np.array([20.0, 8]))
    assert (together.a, together.b) == pytest.approx((twice.a, twice.b), rel=1e-7)


@pytest.mark.parametrize(
    ("kept", "lost"),
    [([10], [0]), ([0], [10]), ([5], [5]), ([100, 100], [0, 0]), ([1], [0]), ([50, 25], [50, 25])],
)
def test_degenerate_cohorts_have_a_named_fallback(kept: list[float], lost: list[float]) -> None:
    model, found = fit_retention(np.array(kept, float), np.array(lost, float))
    assert found.has_converged
    assert found.status == REGULARISED
    assert 0 < model.survival(1)[0] < 1


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(BadHistories, match="nobody"):
        fit_retention(np.array([0.0]), np.array([0.0]))
    with pytest.raises(BadHistories, match="same periods"):
        fit_retention(np.array([1.0, 2.0]), np.array([1.0]))
