"""PDs are calibrated on rows that their card did not learn from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.credit.calibration import calibrate
from orchestration.credit.card import Card
from orchestration.credit.errors import BadSample
from orchestration.credit.fit import fit
from orchestration.credit.folds import deal
from orchestration.credit.held_out import held_out_scores
from orchestration.credit.learn import learn
from orchestration.credit.score import apply, total
from tests.unit.credit.borrowers import borrowers, policy

FEATURES = policy().features


def test_folds_are_even_in_both_classes() -> None:
    frame, bad = borrowers()
    fold = deal(frame, bad.to_numpy(), None, FEATURES, 5, 1)
    for group in (bad, ~bad):
        counts = np.bincount(fold[group], minlength=5)
        assert counts.max() - counts.min() <= 1


def test_a_row_keeps_its_fold_wherever_it_stands() -> None:
    frame, bad = borrowers()
    order = np.random.default_rng(3).permutation(len(frame))
    fold = deal(frame, bad.to_numpy(), None, FEATURES, 5, 1)
    again = deal(frame.iloc[order], bad.to_numpy()[order], None, FEATURES, 5, 1)
    distinct = ~frame.assign(bad=bad).duplicated(keep=False).to_numpy()
    assert distinct.sum() > 1000
    assert (again[distinct[order]] == fold[order][distinct[order]]).all()


def test_a_customer_is_never_on_both_sides() -> None:
    frame, bad = borrowers()
    customers = pd.Series(np.random.default_rng(4).integers(0, 300, len(frame)))
    fold = deal(frame, bad.to_numpy(), customers, FEATURES, 5, 1)
    assert pd.Series(fold).groupby(customers).nunique().max() == 1
    assert set(fold) == set(range(5))


@pytest.mark.slow
def test_who_owns_a_row_decides_the_pds_and_not_the_points(card: Card) -> None:
    frame, bad = borrowers()
    customers = pd.Series(np.arange(len(frame)) // 4)
    other = fit(frame, bad, policy(), customers)
    order = np.random.default_rng(5).permutation(len(frame))
    again = fit(frame.iloc[order], bad.iloc[order], policy(), customers.iloc[order])
    assert other.features == card.features
    assert other.curve != card.curve
    assert again.sha256 == other.sha256


@pytest.mark.slow
def test_held_out_scores_come_from_the_other_folds() -> None:
    frame, bad = borrowers()
    fold = deal(frame, bad.to_numpy(), None, FEATURES, 5, 1)
    other = fit(frame[fold != 2], bad[fold != 2], policy())
    expected = total(other.features, frame[fold == 2])
    found = held_out_scores(frame, bad.to_numpy(), policy(), None)[fold == 2]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_can_be_learned_pds_hardly_differ(seed: int) -> None:
    """Outcomes by chance: a card ranks its own rows, and calibrated on them it would boast."""
    frame = borrowers(400, seed)[0]
    bad = pd.Series(np.random.default_rng(seed + 10).random(400) < 0.3)
    found = learn(frame, bad.to_numpy(), policy())
    boasting = calibrate(found.scores, bad.to_numpy()).pd(found.scores)
    assert _spread(frame, bad) < boasting.std() / 2


def _spread(frame: pd.DataFrame, bad: pd.Series) -> float:
    """Of a card's PDs; none if it is refused."""
    try:
        card = fit(frame, bad, policy())
    except BadSample:
        return 0.0
    return float(card.curve.pd(total(card.features, frame)).std())


def test_held_out_measures_are_the_humbler_ones(card: Card) -> None:
    assert card.held_out.auc < card.learned.auc
    assert card.held_out.mean_pd == pytest.approx(card.held_out.bads / card.held_out.rows, abs=1e-5)
    assert card.held_out.rows + card.held_out.unscored == card.learned.rows


def test_a_total_is_the_score_alone(card: Card) -> None:
    frame = borrowers(200, seed=9)[0].assign(job="never seen")
    frame.loc[frame.index[::2], "job"] = "clerk"
    scored = apply(card, frame)["score"].to_numpy(np.float64, na_value=np.nan)
    np.testing.assert_array_equal(total(card.features, frame), scored)
