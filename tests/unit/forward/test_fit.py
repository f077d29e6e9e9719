"""Which fits are believed, and what they say on average."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from orchestration.forward.fit import DRIFTED, NOT_CONVERGED, TOO_FEW, Fit, believed, too_few
from orchestration.forward.points import Points, Told

HALF = Decimal("0.5")


def points(expected: list[float], error: float = 0.0) -> Points:
    """Points a, b, .. that expect so much."""
    told = Told(np.array(expected), np.full(len(expected), error), np.zeros(len(expected)))
    return Points(tuple("abcdef"[: len(expected)]), False, told, told)


def fit(expected: list[float], error: float = 0.0) -> Fit:
    """A fit of two customers at a and one at b."""
    return Fit("chain", 100, {"a": 2, "b": 1}, points(expected, error))


def test_a_level_is_the_average_over_customers_at_known_points() -> None:
    told = points([30.0, 60.0], error=3.0)
    assert told.level({"a": 2, "b": 1, "elsewhere": 100}) == (40.0, 3.0)
    assert told.level({"elsewhere": 1}) is None


def test_a_first_fit_is_believed() -> None:
    assert believed(fit([30, 60]), None, HALF).is_good


@pytest.mark.parametrize(
    ("expected", "is_good"),
    [([30, 60], True), ([59, 119], True), ([61, 122], False), ([-30, -60], False), ([0, 0], False)],
)
def test_a_level_may_move_by_half_of_the_larger(expected: list[float], is_good: bool) -> None:
    judged = believed(fit(expected), points([30, 60]), HALF)
    assert judged.is_good is is_good
    if not is_good:
        assert judged.status == DRIFTED
        assert "40.00" in judged.reason
        assert "forward_drift_share 0.5" in judged.reason


def test_what_is_not_sure_is_no_drift() -> None:
    assert believed(fit([300, 600], error=200.0), points([30, 60]), HALF).is_good
    assert not believed(fit([300, 600], error=100.0), points([30, 60]), HALF).is_good


def test_other_customers_are_no_drift() -> None:
    """Both fits are asked about today's customers, all of whom have moved to b."""
    moved = replace(fit([30, 600]), customers={"b": 3})
    assert believed(moved, points([30, 600]), HALF).is_good


def test_what_is_no_number_has_not_converged() -> None:
    judged = believed(fit([float("nan"), 1]), points([30, 60]), HALF)
    assert judged.status == NOT_CONVERGED
    assert not judged.is_good


def test_too_little_to_learn_from_says_how_much_would_do() -> None:
    nothing = too_few("naive", 29, 30)
    assert nothing.status == TOO_FEW
    assert not nothing.is_good
    assert "29" in nothing.reason
    assert "forward_least_months 30" in nothing.reason
    assert believed(nothing, points([30, 60]), HALF) is nothing
