"""Overrides by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from orchestration.credit.errors import BadSample
from orchestration.credit.validation.overrides import overrides


def test_counts_notches_and_rates_by_hand() -> None:
    model = np.array([4, 4, 4, 4, 4, 4, 4, 4])
    final = np.array([4, 4, 4, 4, 3, 1, 5, 4])
    lost = np.array([0, 0, 0, 1, 1, 1, 0, 0], bool)
    found = overrides(model, final, lost, 0.95)
    assert (found.rated, found.up, found.down, found.share) == (8, 2, 1, 3 / 8)
    assert (found.mean_notches_up, found.mean_notches_down) == (2, 1)
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
    grades, lost = np.array([1, 2, 3]), np.array([False, True, False])
    kept = overrides(grades, grades, lost, 0.95)
    assert (kept.up, kept.down, kept.share, kept.p_value) == (0, 0, 0, None)
    assert kept.mean_notches_up is None
    changed = overrides(grades, grades - 1, lost, 0.95)
    assert (changed.up, changed.share, changed.p_value) == (3, 1, None)


def test_nobody_rated() -> None:
    empty = np.zeros(0, np.int64)
    found = overrides(empty, empty, np.zeros(0, bool), 0.95)
    assert found.share is None
    assert np.isnan(found.rates.rate).all()


def test_columns_of_other_companies_are_refused() -> None:
    with pytest.raises(BadSample, match="every company needs"):
        overrides(np.array([1]), np.array([1, 2]), np.array([True]), 0.95)
