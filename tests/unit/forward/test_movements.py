"""Movements between states as the marts count them, and what the chain makes of them."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np

from orchestration.forward.chain import Seen, movements
from orchestration.value.chain import estimate

STATES = ["gold", "plain", "unseen"]
SEEN = [
    Seen("none", "gold", 1, 12.0, 144.0),
    Seen("gold", "gold", 3, 30.0, 310.0),
    Seen("gold", "plain", 1, 2.0, 4.0),
    Seen("plain", "gone", 2, 99.0, 9999.0),
    Seen("gone", "gold", 1, 8.0, 64.0),
]


def test_customers_bring_where_they_have_come_to_and_the_gone_bring_nothing() -> None:
    found = movements(SEEN, STATES)
    assert found.months.tolist() == [5, 1, 0]
    assert found.margin.tolist() == [10, 2, 0]
    assert found.variance.tolist() == [518 / 5 - 100, 0, 0]


def test_moves_are_of_who_was_there_before() -> None:
    """Newcomers and who comes back from being gone have not moved between states."""
    found = movements(SEEN, STATES)
    assert found.moves.tolist() == [[3, 1, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0]]


def test_a_value_is_every_path_by_its_probability() -> None:
    """All paths of three months one by one, against the chain's recursion."""
    chain, discount, gone = estimate(movements(SEEN, STATES), 2.0), 0.9, len(STATES)
    margin = np.append(chain.margin, 0.0)
    expected = [0.0] * gone
    for path in product(range(gone + 1), repeat=4):
        odds, brought = 1.0, 0.0
        for month, (before, after) in enumerate(pairwise(path), start=1):
            odds *= chain.transitions[before, after] if before < gone else float(after == gone)
            brought += discount**month * margin[after]
        if path[0] < gone:
            expected[path[0]] += odds * brought
    np.testing.assert_allclose(chain.value(3, discount).expected, expected, rtol=1e-12)


def test_where_nobody_was_customers_behave_as_everybody() -> None:
    value = estimate(movements(SEEN, STATES), 5.0).value(12, 1.0)
    assert np.isfinite(value.expected).all()
    assert value.error[2] > 0
