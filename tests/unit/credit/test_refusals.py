"""Samples that no honest card can be fitted to are refused in a sentence, or come out as stated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from orchestration.credit.build import WRONG_SIGN, build_card, fit_lines
from orchestration.credit.characteristics import Characteristic, Coded, Numeric
from orchestration.credit.errors import BadSample
from tests.unit.credit.samples import CHARACTERISTICS, POLICY, WINDOW, borrowers, card_of

Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: f.assign(bad=0), "0 bad rows, and the policy asks for 30"),
        (lambda f: f.assign(bad=1), "0 good rows"),
        (lambda f: f.head(40), "rows, and the policy asks for 30"),
        (lambda f: f.head(0), "0 bad rows"),
        (lambda f: f.assign(bad=f["bad"] * 2), "1 for bad or 0 for good in every row"),
        (lambda f: f.assign(bad=f["bad"].where(f["bad"] == 1)), "never missing"),
        (lambda f: f.assign(bad="good"), "is not a number"),
        (lambda f: f.drop(columns="bad"), "lacks bad"),
        (lambda f: f.drop(columns="age"), "lack age"),
        (lambda f: f.assign(age="old"), "age must hold numbers, and holds string"),
        (lambda f: f.assign(age=np.inf), "age holds infinity"),
        (lambda f: f.assign(region=1.5), "region must hold codes"),
        (lambda f: f.assign(income=1.0, age=2.0, region=3).assign(**{'job\'s "title"': "x"}),
         "no characteristic is left: income: one bin only"),
        (lambda f: pd.concat([f, f[["age"]]], axis=1), "two columns of the rows have one name"),
    ],
)  # fmt: skip
def test_refused(change: Change, sentence: str) -> None:
    with pytest.raises(BadSample, match=sentence):
        card_of(change(borrowers()))


@pytest.mark.parametrize(
    ("characteristics", "sentence"),
    [
        ((), "needs characteristics"),
        ((CHARACTERISTICS[1], Coded(name="Age")), "declared more than once: age"),
        ((Numeric(name="bad"),), "bad is what the card shall foresee"),
    ],
)
def test_declarations_that_are_refused(
    characteristics: tuple[Characteristic, ...], sentence: str
) -> None:
    with pytest.raises(BadSample, match=sentence):
        card_of(borrowers(), characteristics)


def test_a_window_without_a_day_is_refused() -> None:
    with pytest.raises(BadSample, match="holds no day"):
        build_card(
            borrowers(), "bad", CHARACTERISTICS, POLICY,
            name="retail", version=1, window=(WINDOW[1], WINDOW[1]),
        )  # fmt: skip


def test_noise_makes_no_card() -> None:
    random = np.random.default_rng(4)
    frame = pd.DataFrame({"x": random.normal(size=500), "bad": random.random(500) < 0.3})
    with pytest.raises(BadSample):
        card_of(frame, (Numeric(name="x"),), least_information=0.2)


@pytest.mark.parametrize("empty", [1.0, None, np.nan])
def test_what_tells_nobody_apart_is_left_out_and_said(empty: object) -> None:
    frame = borrowers().assign(age=pd.Series([empty] * 2_000, dtype=float))
    card = card_of(frame)
    assert card.left_out["age"].startswith("one bin only")
    assert "age" not in {line.name for line in card.lines}


@pytest.mark.parametrize("repeats", [1, 3, 20])
def test_codes_that_hardly_repeat_do_not_repeat_the_outcome(repeats: int) -> None:
    frame = borrowers()
    frame["region"] = np.arange(len(frame)) // repeats
    card = card_of(frame)
    assert card.left_out["region"].startswith("one bin only")
    assert card.measures["held_out"]["without_score"] == 0


def test_a_label_of_thousands_of_codes_stays_short() -> None:
    frame = borrowers()
    frame["region"] = np.arange(len(frame))
    assert len(card_of(frame).left_out["region"]) < 200


def test_held_out_rows_that_no_fold_can_score_are_counted() -> None:
    frame = borrowers()
    # The only row without an age: when it is held out the others know nothing of such.
    frame["age"] = frame["age"].fillna(50)
    frame.loc[0, "age"] = np.nan
    assert card_of(frame).measures["held_out"]["without_score"] == 1


def test_a_weight_of_the_wrong_sign_is_left_out_and_said() -> None:
    random = np.random.default_rng(6)
    n = 4_000
    truth = random.normal(size=n)
    other = truth + 0.6 * random.normal(size=n)
    bad = random.random(n) < 1 / (1 + np.exp(1 + 2 * truth - 1 * other))
    frame = pd.DataFrame({"truth": truth, "other": other})
    asked = (Numeric(name="truth"), Numeric(name="other"))
    policy = POLICY.model_copy(update={"most_correlation": 0.99})
    lines, left_out = fit_lines(frame, bad, asked, policy)
    assert [line.name for line in lines] == ["truth"]
    assert left_out == {"other": WRONG_SIGN}
    alone, _ = fit_lines(frame, bad, asked[:1], policy)
    assert alone[0].weight == pytest.approx(lines[0].weight, rel=1e-8)


@pytest.mark.parametrize(
    "broken",
    [{"base_odds": 0}, {"points_to_double": 0}, {"smoothing": 0}, {"least_share": 1}, {"folds": 1}],
)
def test_a_policy_that_makes_no_sense_is_refused(broken: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        card_of(borrowers(), **broken)
