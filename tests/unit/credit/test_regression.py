"""Screening, the regression, and points."""

from __future__ import annotations

import math

import numpy as np
import pytest

from orchestration.credit.calibration import calibrate
from orchestration.credit.errors import BadSample
from orchestration.credit.logistic import fit_logistic
from orchestration.credit.scaling import Scale
from orchestration.credit.screening import vif
from tests.unit.credit.plain_logistic import plain_logistic
from tests.unit.credit.samples import CHARACTERISTICS, NO_FILE, borrowers, card_of


def told_apart(n: int = 800) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    x = random.normal(size=(n, 4))
    x[:, 3] = x[:, 0] + 0.5 * random.normal(size=n)
    good = random.random(n) < 1 / (1 + np.exp(-0.5 - x @ np.array([1.0, 0.5, -0.7, 0.0])))
    return x, good


@pytest.mark.parametrize("penalty", [0.0, 3.0])
def test_weights_equal_a_plain_search(penalty: float) -> None:
    x, good = told_apart()
    found = fit_logistic(x, good, penalty, at_least_nought=False)
    plain = plain_logistic(x, good, penalty)
    assert np.append(found.intercept, found.weights) == pytest.approx(plain, abs=1e-5)


def test_weights_with_signs_are_the_best_that_there_are() -> None:
    """Karush-Kuhn-Tucker: free weights have no slope, held ones would only go below nought."""
    x, good = told_apart()
    found = fit_logistic(x, good, 1.0, at_least_nought=True)
    assert found.weights[2] == 0
    assert (found.weights[:2] > 0).all()
    p = 1 / (1 + np.exp(-found.log_odds(x)))
    slope = x.T @ (p - good) + found.weights
    free = found.weights > 0
    assert slope[free] == pytest.approx(0, abs=1e-6)
    assert (slope[~free] > 0).all()
    assert np.isnan(found.errors[~free]).all()


def test_a_sample_told_apart_without_error_is_refused_without_a_penalty() -> None:
    x = np.linspace(-1, 1, 200)[:, None]
    with pytest.raises(BadSample, match="without error"):
        fit_logistic(x, x[:, 0] > 0, 0.0, at_least_nought=True)
    assert fit_logistic(x, x[:, 0] > 0, 1.0, at_least_nought=True).weights[0] > 1


def test_vif_by_hand() -> None:
    x, _ = told_apart()
    residual = (
        x[:, 3]
        - np.column_stack([np.ones(len(x)), x[:, :3]])
        @ np.linalg.lstsq(np.column_stack([np.ones(len(x)), x[:, :3]]), x[:, 3], rcond=None)[0]
    )
    assert vif(x)[3] == pytest.approx(x[:, 3].var() / residual.var())
    assert vif(np.column_stack([x, x[:, 0] + x[:, 1]]))[4] > 1e6
    assert vif(x[:, :1]).tolist() == [1.0]


def test_the_published_scale() -> None:
    """600 points at 50:1, 20 to double: factor 28.8539, offset 487.123.

    Source: Siddiqi (2006), Credit Risk Scorecards, the chapter on scaling.
    """
    scale = Scale.of(600, 50, 20)
    assert scale.factor == pytest.approx(28.8539, abs=1e-4)
    assert scale.offset == pytest.approx(487.123, abs=1e-3)
    odds = np.exp(scale.log_odds(np.array([580.0, 600, 620, 640])))
    assert odds == pytest.approx([25, 50, 100, 200])


def test_points_by_hand() -> None:
    """Factor 20 / ln 2; at odds of 8 the score is 600 - 20 * log2(32 / 8) = 560, for three."""
    scale = Scale.of(600, 32, 20)
    double = math.log(2)
    evidence = [
        np.array([-2 * double, 0, double]),
        np.array([0.0, 0.025 * double]),
        np.array([0.0]),
    ]
    points = scale.points(math.log(8), [1.0, 1.0, 1.0], evidence)
    # 560 = 187 + 187 + 186; 0.025 of a doubling is half a point, and rounds up.
    assert points == [(147, 187, 207), (187, 188), (186,)]


def test_halves_are_rounded_away_from_nought() -> None:
    (points,) = Scale(1.0, 0.0).points(0.0, [1.0], [np.array([-1.5, -0.5, 0.5, 1.5, 0.49])])
    assert points == (-2, -1, 1, 2, 0)


def test_scores_stay_within_half_a_point_a_line_of_the_log_odds() -> None:
    frame = borrowers()
    card = card_of(frame)
    scale = Scale.of(600, 30, 20)
    weight = sum(line.weight * line.binned.weights[line.binned.place(frame)] for line in card.lines)
    exact = scale.factor * weight
    gap = card.score(frame).score - exact
    assert np.ptp(gap) <= len(card.lines)


def test_calibration_moves_to_the_population() -> None:
    frame = borrowers(5_000)
    bad = frame["bad"].mean()
    at_sample, moved = card_of(frame), card_of(frame, population_bad_rate=0.05)
    assert at_sample.score(frame).pd.mean() == pytest.approx(bad, abs=0.01)
    assert moved.lines == at_sample.lines
    odds = (1 - 0.05) / 0.05 * bad / (1 - bad)
    pd = [card.score(frame).pd for card in (at_sample, moved)]
    assert (1 - pd[1]) / pd[1] == pytest.approx((1 - pd[0]) / pd[0] * odds)
    assert moved.measures == at_sample.measures


def test_calibration_falls_back_to_the_scale_and_says_so() -> None:
    scale, score = Scale.of(600, 50, 20), np.array([500.0, 520, 600, 620])
    found = calibrate(scale, score, np.array([True, True, False, False]), None)
    assert found.source == "scale"
    assert found.pd(np.array([600.0, 620])) == pytest.approx([1 / 51, 1 / 101])


def test_a_card_that_ranks_backwards_is_refused() -> None:
    score = np.array([600.0, 500, 590, 510, 620, 480])
    bad = np.array([True, False, True, False, False, True])
    with pytest.raises(BadSample, match="does not tell good from bad"):
        calibrate(Scale.of(600, 50, 20), score, bad, None)


def test_of_two_that_say_the_same_the_less_informative_goes() -> None:
    frame = borrowers()
    noise = np.random.default_rng(1).lognormal(0, 0.05, len(frame))
    frame["again"] = frame["income"].where(frame["income"] == NO_FILE, frame["income"] * noise)
    twice = (*CHARACTERISTICS, CHARACTERISTICS[0].model_copy(update={"name": "again"}))
    card = card_of(frame, twice)
    (left,) = {"again", "income"} & set(card.left_out)
    assert "correlation" in card.left_out[left]
    by_vif = card_of(frame, twice, most_correlation=1, most_vif=1.5)
    assert any(reason.startswith("VIF") for reason in by_vif.left_out.values())
