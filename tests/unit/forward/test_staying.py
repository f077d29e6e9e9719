"""Factors of a margin: discounted months to come, how unsure they are, how customers scatter."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.forward.staying import annuity, scatter


def test_nobody_leaves_and_nothing_is_discounted_is_a_plain_sum() -> None:
    survival = np.ones((1, 36))
    assert annuity(survival, 1.0) == [36]
    assert scatter(survival, 1.0, 0.0) == [0]


@pytest.mark.parametrize("discount", [1.0, 0.99])
@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_mean_and_scatter_by_every_lifetime(discount: float, noise: float) -> None:
    """What a margin of 1 brings for each number of months that customers may stay."""
    rng = np.random.default_rng(3)
    survival = np.cumprod(rng.uniform(0.5, 1, (4, 9)), axis=1)
    factors = discount ** np.arange(1, 10)
    for row, mean, deviation in zip(
        survival, annuity(survival, discount), scatter(survival, discount, noise), strict=True
    ):
        ends = -np.diff(np.append(np.append(1.0, row), 0.0))
        brought = [factors[:months].sum() for months in range(10)]
        within = [noise * (factors[:months] ** 2).sum() for months in range(10)]
        expected = sum(p * b for p, b in zip(ends, brought, strict=True))
        squares = sum(p * (b * b + w) for p, b, w in zip(ends, brought, within, strict=True))
        assert mean == pytest.approx(expected)
        assert deviation == pytest.approx(np.sqrt(squares - expected**2))
