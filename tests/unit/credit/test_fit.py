"""From data to a card: what is asked of bins, what is refused, what a card may depend on."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from orchestration.credit.card import Card
from orchestration.credit.errors import BadSample
from orchestration.credit.fit import fit, fit_by_time
from orchestration.credit.score import apply
from orchestration.credit.split import Windows, later_half
from tests.unit.credit.borrowers import borrowers, policy

WINDOWS = Windows(date(2024, 1, 1), date(2024, 9, 1), date(2025, 1, 1))


def rates(card: Card, name: str) -> list[float]:
    """Rates of bad ones in a feature's regular bins."""
    (feature,) = (one for one in card.features if one.name == name)
    regular = [row for row in feature.rows if row.sort in ("range", "codes")]
    return [row.bads / (row.goods + row.bads) for row in regular]


@pytest.mark.parametrize("seed", range(5))
def test_bins_rise_or_fall_where_asked(seed: int) -> None:
    card = fit(*borrowers(seed=seed), policy())
    for feature in card.features:
        found = rates(card, feature.name)
        assert found in (sorted(found), sorted(found, reverse=True)), feature.name
        if feature.name == "debt":
            assert found == sorted(found)


def test_coefficients_and_points_follow_the_evidence(card: Card) -> None:
    for feature in card.features:
        assert feature.coefficient > 0
        seen = sorted(feature.seen, key=lambda row: row.evidence)
        points = [row.points for row in seen]
        assert points == sorted(points)  # type: ignore[type-var]


def test_bounds_are_short_numbers(card: Card) -> None:
    income = next(feature for feature in card.features if feature.name == "income")
    bounds = [row.upper for row in income.rows if row.upper is not None]
    assert bounds
    assert all(len(repr(bound)) <= 7 for bound in bounds)


def test_a_group_too_small_to_tell_weighs_nothing_and_says_so() -> None:
    frame, bad = borrowers()
    frame.loc[frame.index[:3], "age"] = -2.0
    card = fit(frame, bad, policy())
    (age,) = (feature for feature in card.features if feature.name == "age")
    later = next(row for row in age.rows if row.label == "later")
    assert (later.basis, later.evidence, later.goods + later.bads) == ("thin", 0.0, 3)
    scored = apply(card, frame)
    assert scored["unseen"].isna().all()
    assert scored["score"].notna().all()


def test_equal_data_give_an_equal_card(card: Card) -> None:
    frame, bad = borrowers()
    order = np.random.default_rng(1).permutation(len(frame))
    assert fit(frame.iloc[order], bad.iloc[order], policy()).sha256 == card.sha256


def test_another_row_gives_another_card(card: Card) -> None:
    frame, bad = borrowers()
    assert fit(frame[1:], bad[1:], policy()).sha256 != card.sha256


@pytest.mark.slow
def test_what_comes_after_the_split_teaches_nothing() -> None:
    frame, bad = borrowers()
    days = pd.Series(pd.date_range("2023-12-01", periods=len(frame), freq="8h"))
    card = fit_by_time(frame, bad, days, WINDOWS, policy())
    later = (days >= "2024-09-01").to_numpy()
    shifted, turned = frame.copy(), bad.copy()
    shifted.loc[later, "income"] *= 100
    turned[later] = ~turned[later]
    other = fit_by_time(shifted, turned, days, WINDOWS, policy())
    assert card.tested is not None
    assert other.tested != card.tested
    nothing = {"tested": None, "drift": None}
    assert other.model_copy(update=nothing).sha256 == card.model_copy(update=nothing).sha256
    assert card.learned.rows == ((days >= "2024-01-01") & (days < "2024-09-01")).sum()
    assert card.tested.rows + card.tested.unscored == later.sum() - (days >= "2025-01-01").sum()


def test_what_moves_while_a_card_learns_stays_out() -> None:
    frame, bad = borrowers()
    days = pd.Series(pd.date_range("2024-01-01", periods=len(frame), freq="7h"))
    # As a window that fills: nothing is known of the first months.
    frame.loc[days < "2024-04-01", "income"] = np.nan
    screening = policy().screening.model_dump() | {"max_drift": 0.25}
    lenient, strict = policy(), policy(screening=screening)
    loose = fit_by_time(frame, bad, days, WINDOWS, lenient)
    card = fit_by_time(frame, bad, days, WINDOWS, strict)
    assert "income" in {feature.name for feature in loose.features}
    verdicts = {one.name: one.verdict for one in card.candidates}
    assert verdicts["income"].startswith("drift ")
    assert {"debt", "age"} <= {feature.name for feature in card.features}
    # Months in any order, and one month alone, which has no halves.
    order = np.random.default_rng(1).permutation(len(frame))
    shuffled = fit_by_time(frame.iloc[order], bad[order], days[order], WINDOWS, strict)
    assert {one.name: one.verdict for one in shuffled.candidates} == verdicts
    assert later_half(days.where(days.isna(), days[0])) is None


def test_windows_are_half_open() -> None:
    days = pd.Series(["2023-12-31", "2024-01-01", "2024-08-31", "2024-09-01", "2025-01-01"])
    learned, tested = WINDOWS.parts(days)
    assert learned.tolist() == [False, True, True, False, False]
    assert tested.tolist() == [False, False, False, True, False]


def refused(frame: pd.DataFrame, bad: pd.Series, match: str) -> None:
    with pytest.raises(BadSample, match=match):
        fit(frame, bad, policy())


def test_samples_that_teach_nothing_are_refused() -> None:
    frame, bad = borrowers()
    refused(frame, bad & False, "0 bad rows to learn from; the policy asks for 20")
    refused(frame, bad | True, "0 good rows")
    refused(frame[:99], bad[:99], "99 rows to learn from; the policy asks for 100")
    refused(frame[:0], bad[:0], "0 rows")
    refused(frame, bad.astype(object).where(bad.index > 0, None), "1 rows have no outcome")
    refused(frame, bad.astype(int) * 2, "outcomes are true")


def test_columns_that_cannot_be_read_are_refused() -> None:
    frame, bad = borrowers()
    refused(frame.drop(columns="debt"), bad, "feature debt: no such column")
    refused(frame.assign(debt="much"), bad, "feature debt: not a number")
    refused(frame.assign(job=5), bad, "feature job: 5 is not text")
    refused(frame.assign(debt=np.where(bad.index == 0, np.inf, 1)), bad, "debt: infinite values")


def test_features_that_tell_nothing_stay_out_and_say_why() -> None:
    frame, bad = borrowers()
    frame = frame.assign(debt=3.0, age=np.nan, job="clerk")
    verdicts = {one.name: one.verdict for one in fit(frame, bad, policy()).candidates}
    assert verdicts["debt"] == verdicts["job"] == "constant"
    assert verdicts["age"] == "no row has a value"
    frame = frame.assign(income=np.nan, place=None)
    refused(frame, bad, "no feature is left for a card .income: no row has a value")


def test_a_feature_that_knows_the_outcome_stays_out() -> None:
    frame, bad = borrowers()
    frame["debt"] = np.where(np.random.default_rng(2).random(len(bad)) < 0.03, ~bad, bad) + 0.0
    verdicts = {one.name: one.verdict for one in fit(frame, bad, policy()).candidates}
    assert "a leak?" in verdicts["debt"]


def test_an_outlier_moves_no_bound(card: Card) -> None:
    frame, bad = borrowers()
    top = frame["income"].idxmax()
    frame.loc[top, "income"] = 1e300
    other = fit(frame, bad, policy())
    assert other.features == card.features
    scored = apply(card, frame.loc[[top]].assign(income=1.7e308))
    assert scored["unseen"].isna().all()
