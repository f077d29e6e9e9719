"""Measures against slow definitions of the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.credit.errors import DataRefused
from orchestration.credit.metrics import auc, brier, ks, psi

Rows = list[tuple[int, bool]]
ROWS = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=4, max_size=40).filter(
    lambda rows: 2 <= sum(bad for _, bad in rows) <= len(rows) - 2
)


def arrays(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    return np.array([score for score, _ in rows]), np.array([bad for _, bad in rows])


@given(ROWS)
def test_area_and_its_interval_pair_by_pair(rows: Rows) -> None:
    scores, bad = arrays(rows)
    wins = np.sign(scores[~bad][:, None] - scores[bad][None, :]) / 2 + 0.5
    found = auc(scores, bad)
    assert found.value == pytest.approx(wins.mean())
    spread = wins.mean(axis=1).var(ddof=1) / len(wins) + wins.mean(axis=0).var(ddof=1) / len(wins.T)
    reach = 1.959963984540054 * np.sqrt(spread)
    assert found.upper == pytest.approx(min(1, wins.mean() + reach))
    assert found.lower == pytest.approx(max(0, wins.mean() - reach))
    assert found.gini == pytest.approx(2 * wins.mean() - 1)


@given(ROWS)
def test_ks_at_every_score(rows: Rows) -> None:
    scores, bad = arrays(rows)
    gaps = [abs((scores[bad] <= at).mean() - (scores[~bad] <= at).mean()) for at in range(10)]
    assert ks(scores, bad) == pytest.approx(max(gaps))


def test_brier_and_psi_by_hand() -> None:
    assert brier(np.array([0.2, 0.9]), np.array([False, True])) == pytest.approx(0.025)
    assert psi(np.array([50, 50]), np.array([5, 5])) == 0
    assert psi(np.array([50, 50]), np.array([80, 20])) == pytest.approx(
        0.3 * np.log(1.6) - 0.3 * np.log(0.4)
    )
    assert np.isfinite(psi(np.array([10, 0]), np.array([5, 5])))


def test_nothing_is_measured_on_one_class_or_on_nobody() -> None:
    with pytest.raises(DataRefused, match="all rows are good, or all are bad"):
        auc(np.array([1, 2]), np.array([True, True]))
    with pytest.raises(DataRefused, match="a population is empty"):
        psi(np.array([0, 0]), np.array([1, 2]))
