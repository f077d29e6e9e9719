"""Overrides by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from orchestration.credit.errors import BadSample
from orchestration.credit.validation.overrides import overrides


def test_counts_notches_and_rates_by_hand() -> None:
    """Of eight in the model's fourth grade five stay, two go up by 1 and 3, one goes down by 1."""
    companies, lost = np.zeros((5, 5), int), np.zeros((5, 5), int)
    companies[3] = [1, 0, 1, 5, 1]
    lost[3] = [1, 0, 1, 1, 0]
    found = overrides(companies, lost, 0.95)
    assert (found.rated, found.up, found.down, found.share) == (8, 2, 1, 3 / 8)
    assert (found.notches_up, found.notches_down) == (2, 1)
    assert found.rates.rate == pytest.approx([1 / 5, 1, 0])
    assert found.p_value == pytest.approx(plain_fisher(5, 1, 3, 2))


def plain_fisher(left: int, left_bad: int, changed: int, changed_bad: int) -> float:
    """All tables of these margins that are no likelier than the one seen."""
    bad, n = left_bad + changed_bad, left + changed

    def chance(k: int) -> float:
        return math.comb(left, k) * math.comb(changed, bad - k) / math.comb(n, bad)

    tables = [chance(k) for k in range(max(0, bad - changed), min(left, bad) + 1)]
    return sum(one for one in tables if one <= chance(left_bad) * (1 + 1e-9))


def test_nothing_overridden_and_everything() -> None:
    kept = overrides(np.diag([4, 5]), np.diag([0, 5]), 0.95)
    assert (kept.up, kept.down, kept.share, kept.p_value) == (0, 0, 0, None)
    assert (kept.notches_up, kept.notches_down) == (None, None)
    changed = overrides(np.array([[0, 0], [3, 0]]), np.zeros((2, 2), int), 0.95)
    assert (changed.up, changed.share, changed.p_value) == (3, 1, None)


def test_nobody_rated() -> None:
    found = overrides(np.zeros((3, 3), int), np.zeros((3, 3), int), 0.95)
    assert found.share is None
    assert np.isnan(found.rates.rate).all()


def test_counts_that_cannot_be_right_are_refused() -> None:
    with pytest.raises(BadSample, match="to each final one"):
        overrides(np.zeros((2, 2), int), np.zeros((2, 3), int), 0.95)
    with pytest.raises(BadSample, match="fewer companies than defaults"):
        overrides(np.zeros((1, 1), int), np.ones((1, 1), int), 0.95)
