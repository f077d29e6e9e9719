"""Points, curve, classes, screening and regression against what is worked out elsewhere."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from orchestration.credit.binning import shortest_between
from orchestration.credit.calibration import Curve, calibrate
from orchestration.credit.card import Card
from orchestration.credit.columns import read_values
from orchestration.credit.cutoffs import cut_offs
from orchestration.credit.errors import BadSample
from orchestration.credit.logistic import regress
from orchestration.credit.master_scale import grade_of, scale
from orchestration.credit.policy import Binning, Grade, Scaling, Screening
from orchestration.credit.scaling import points, whole
from orchestration.credit.score import apply
from orchestration.credit.screening import KEPT, screen, variance_inflation
from orchestration.credit.weights import weigh
from tests.unit.credit.borrowers import borrowers

GRADES = (Grade(name="A", below=0.1), Grade(name="B", below=0.5), Grade(name="C", below=1.0))


def test_points_by_hand() -> None:
    """600 at 30 to 1 and 20 to double: 60 to 1 is 620, 15 to 1 is 580."""
    scaling = points(Scaling(base_score=600.0, base_odds=30.0, points_to_double=20.0))
    assert scaling.factor == pytest.approx(28.853900817779268)
    assert scaling.offset == pytest.approx(501.8621870)
    for odds, score in ((30, 600), (60, 620), (15, 580), (240, 660), (1, 501.862187)):
        assert scaling.offset + scaling.factor * log(odds) == pytest.approx(score)
    # Two features share offset and intercept; evidence ln 2 at coefficient 1 is 20 points.
    given_ = scaling.of_bin(log(30), 1.0, np.array([0.0, log(2)]), 2)
    assert given_ == pytest.approx([300, 320])
    assert [whole(x) for x in (2.5, 3.5, -0.4, None)] == [2, 4, 0, None]


def test_evidence_by_hand() -> None:
    """40 good and 10 bad of 100 and 50: ln(0.4 / 0.2)."""
    assigned = np.repeat([0, 0, 1, 1], [40, 10, 60, 40])
    bad = np.repeat([False, True, False, True], [40, 10, 60, 40])
    limits = Binning(max_bins=5, max_prebins=9, min_share=0.05, min_goods=1, min_bads=1)
    found = weigh(assigned, 3, bad, limits)
    assert found.evidence[:2] == pytest.approx([log(2), log(0.6 / 0.8)])
    assert found.basis == ("data", "data", "unseen")
    assert found.information_value == pytest.approx(0.2 * log(2) - 0.2 * log(0.75))


def test_a_score_is_offset_and_factor_of_the_odds(card: Card) -> None:
    frame = borrowers()[0]
    logit = np.full(len(frame), card.intercept)
    for one in card.features:
        evidence = np.array([row.evidence for row in one.rows])
        logit += one.coefficient * evidence[one.bins.assign(read_values(frame, one.name, one.kind))]
    exact = apply(card, frame)["exact_score"].to_numpy()
    assert exact == pytest.approx(card.offset + card.factor * logit, abs=1e-8)


@given(
    st.floats(-1e9, 1e9).flatmap(
        lambda low: st.tuples(st.just(low), st.floats(low, 2e9, exclude_min=True))
    )
)
def test_short_bounds_part_the_same_values(ends: tuple[float, float]) -> None:
    low, high = ends
    assert low < shortest_between(low, high) <= high


def test_short_bounds_by_hand() -> None:
    assert shortest_between(1234.37, 1261.02) == 1260.0
    assert shortest_between(0.0, 1e-300) <= 1e-300
    assert shortest_between(8.0, 9.0) == 9.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_regression_is_the_likeliest_with_its_signs(seed: int) -> None:
    random = np.random.default_rng(seed)
    evidence = np.round(random.normal(size=(300, 3)), 1)
    bad = random.random(300) < 1 / (1 + np.exp(evidence @ [1.0, -0.5, 0.2] + 1))
    found = regress(evidence, bad, ridge=2.0)

    def cost(weights: np.ndarray) -> float:
        logit = weights[0] + evidence @ weights[1:]
        return float((np.logaddexp(0, logit) - ~bad * logit).sum() + (weights[1:] ** 2).sum())

    plain = minimize(cost, np.zeros(4), bounds=[(None, None), *[(0, None)] * 3])
    assert found.intercept == pytest.approx(plain.x[0], abs=2e-3)
    assert found.coefficients == pytest.approx(plain.x[1:], abs=2e-3)
    assert cost(np.array([found.intercept, *found.coefficients])) <= plain.fun + 1e-9
    assert found.coefficients[1] == 0


def test_a_perfect_parting_is_refused() -> None:
    with pytest.raises(BadSample, match="parted without error"):
        regress(np.repeat([[1.0], [-1.0]], 50, axis=0), np.repeat([False, True], 50), ridge=0.0)


def test_inflation_is_what_the_others_explain() -> None:
    random = np.random.default_rng(3)
    columns = random.normal(size=(500, 3))
    columns[:, 2] += columns[:, 0] + columns[:, 1]
    others = np.column_stack([np.ones(500), columns[:, :2]])
    left = columns[:, 2] - others @ np.linalg.lstsq(others, columns[:, 2], rcond=None)[0]
    found = variance_inflation(np.corrcoef(columns.T))
    assert found[2] == pytest.approx(columns[:, 2].var() / left.var())


def test_of_two_that_say_the_same_the_better_stays() -> None:
    random = np.random.default_rng(4)
    one, two = random.normal(size=(2, 400))
    evidence = {"a": one, "b": one + two / 10, "c": two, "d": one + two, "e": two * 0 + two}
    limits = Screening(
        min_information_value=0.02,
        max_information_value=2.0,
        max_correlation=0.9,
        max_variance_inflation=4.0,
    )
    values = {"a": 0.3, "b": 0.5, "c": 0.4, "d": 0.2, "e": 0.01}
    verdicts = screen(evidence, values, limits)
    assert verdicts["a"].endswith("with b")
    assert verdicts["b"] == verdicts["c"] == KEPT
    assert verdicts["d"].startswith("variance inflation")
    assert verdicts["e"] == "information value 0.0100 below 0.02"


def test_curve_falls_and_holds_on_average() -> None:
    random = np.random.default_rng(5)
    scores = random.integers(400, 700, 4000)
    bad = random.random(4000) < 1 / (1 + np.exp((scores - 520) / 40))
    curve = calibrate(scores, bad)
    chances = curve.pd(np.arange(300, 800))
    assert (np.diff(chances) <= 0).all()
    assert curve.pd(scores).mean() == pytest.approx(bad.mean(), abs=1e-6)
    assert 1 / curve.slope == pytest.approx(40, rel=0.1)
    moved = curve.moved(scores, 0.05)
    assert moved.pd(scores).mean() == pytest.approx(0.05, abs=1e-6)
    assert moved.slope == curve.slope


def test_a_score_that_does_not_rank_is_refused() -> None:
    scores = np.repeat([500, 600], 50)
    with pytest.raises(BadSample, match="does not tell good from bad"):
        calibrate(scores, np.tile([True, False], 50))
    with pytest.raises(BadSample, match="same score"):
        calibrate(np.full(10, 500), np.arange(10) < 5)


def test_classes_are_half_open_in_pd() -> None:
    """At 10 points from the middle odds are 9 to 1: a PD of exactly 0.1 is class B."""
    curve = Curve(0.0, log(9) / 10)
    steps = scale(curve, GRADES, -30, 30)
    assert curve.pd(np.array([10])) == 0.1
    assert [grade_of(steps, score) for score in (11, 10, 1, 0, -30)] == ["A", "B", "B", "C", "C"]
    narrow = scale(curve, GRADES, 1, 5)
    assert [(step.grade, step.from_score) for step in narrow] == [("B", None)]


def test_cut_offs_by_hand() -> None:
    scores, bad = np.array([1, 2, 3, 4]), np.array([True, False, True, False])
    found = cut_offs(scores, bad, [1, 3, 5])
    assert [one.accepted for one in found] == [1, 0.5, 0]
    assert [one.bad_rate for one in found] == [0.5, 0.5, None]
    assert [one.goods_lost for one in found] == [0, 0.5, 1]
    assert [one.bads_kept_out for one in found] == [0, 0.5, 1]


def test_reasons_are_the_most_points_lost(card: Card) -> None:
    frame = borrowers(200, seed=11)[0]
    scored = apply(card, frame)
    for _, row in scored[scored["score"].notna()].iterrows():
        lost = {one.name: one.best - row[f"points_{one.name}"] for one in card.features}
        ranked = sorted((name for name in lost if lost[name] > 0), key=lambda name: -lost[name])
        told = [row[f"reason_{at}"] for at in (1, 2, 3)]
        assert told == [*ranked, None, None, None][:3]
