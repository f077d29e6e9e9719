"""A card's SQL says what the reference says, of every row."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
import sqlglot

from orchestration.credit.card import Card
from orchestration.credit.characteristics import Coded, Numeric
from orchestration.credit.errors import BadCard
from orchestration.credit.sql import ADDED, to_sql
from tests.unit.credit.samples import CHARACTERISTICS, JOBS, NO_FILE, borrowers, card_of


def edges(card: Card, name: str) -> list[float]:
    """Every bound of a line, the numbers next to it, and numbers far away."""
    (line,) = (line for line in card.lines if line.name == name)
    bounds = [one.low for one in line.binned.bins if one.low is not None]
    near = [np.nextafter(bound, way) for bound in bounds for way in (-np.inf, np.inf)]
    return [*bounds, *near, NO_FILE, -998.9, np.nan, np.inf, -np.inf, 1e300, -1e300, 0.0, -0.0]


def asked_of(card: Card, seed: int) -> pd.DataFrame:
    """Rows of every edge with every code, known and not."""
    random = np.random.default_rng(seed)
    n = 4_000
    return pd.DataFrame(
        {
            "income": random.choice(edges(card, "income"), n),
            "age": random.choice(edges(card, "age"), n),
            'job\'s "title"': random.choice(
                np.array([*JOBS, "new", " clerk", "CLERK", None], object), n
            ),
            "region": random.choice(np.array([1, 2, 3, 4]), n),
        }
    )


def in_engine(card: Card, frame: pd.DataFrame) -> pd.DataFrame:
    with duckdb.connect() as con:
        con.register("frame", frame.assign(row=np.arange(len(frame))))
        con.execute("create table asked as select * from frame")
        return con.execute(f"select * from ({to_sql(card, 'asked')}) order by row").df()


@pytest.mark.parametrize("seed", range(5))
def test_every_row_is_scored_alike(seed: int) -> None:
    card = card_of(borrowers(seed=seed))
    frame = asked_of(card, seed)
    said, reference = in_engine(card, frame), card.score(frame)
    assert 0 < np.isnan(reference.score).sum() < len(frame)
    np.testing.assert_array_equal(said["score"].astype(float), reference.score)
    np.testing.assert_allclose(said["pd"].astype(float), reference.pd, rtol=1e-13)
    for at, line in enumerate(card.lines):
        points = said[f"points_{line.name}"]
        np.testing.assert_array_equal(points.isna(), reference.unseen[:, at])
        np.testing.assert_array_equal(points.fillna(0), reference.points[:, at])
    named = [
        ",".join(name for name, new in zip(reference.names, row, strict=True) if new) or None
        for row in reference.unseen
    ]
    assert said["unseen"].astype(object).where(said["unseen"].notna(), None).tolist() == named


@pytest.mark.parametrize("kind", ["decimal(18, 2)", "float", "double", "bigint"])
def test_any_kind_of_number_in_the_engine(kind: str) -> None:
    card = card_of(borrowers())
    with duckdb.connect() as con:
        frame = con.execute(
            f'select i::{kind} as income, i::{kind} as age, \'clerk\' as "job\'s ""title""", '
            "1 as region from range(-2, 9000) as t(i)"
        ).df()
    said = in_engine(card, frame)
    np.testing.assert_array_equal(said["score"].astype(float), card.score(frame).score)


def test_unseen_and_special_without_a_bin_are_named_and_never_scored() -> None:
    numeric = Numeric(name="income", specials=(NO_FILE, -1))
    frame = borrowers()
    frame["age"] = frame["age"].fillna(50)
    card = card_of(frame, (numeric, *CHARACTERISTICS[1:]))
    row = {"income": -1.0, "age": None, 'job\'s "title"': "new", "region": 9}
    asked = pd.DataFrame([row]).astype({"age": float})
    said = in_engine(card, asked).iloc[0]
    assert said["unseen"] == 'income,age,job\'s "title",region'
    assert pd.isna(said["score"])
    assert pd.isna(said["pd"])
    scored = card.score(asked)
    assert scored.unseen.all()
    assert np.isnan(scored.score).all()
    worst = {"income": 1.0, "age": 18.0, 'job\'s "title"': "new", "region": 3}
    partly = card.score(pd.DataFrame([row, worst]))
    assert partly.unseen[1].tolist() == [False, False, True, False]
    assert partly.lost()[1, 0] > 0
    assert partly.reasons(3).tolist() == [[None, None, None]] * 2


def test_yes_and_no_are_codes() -> None:
    frame = borrowers()
    frame["region"] = (frame["region"] > 1).astype(object).mask(frame["age"].isna(), None)
    card = card_of(frame)
    assert not card.score(frame).unseen.any()
    said = in_engine(card, frame.astype({"region": "boolean"}))
    np.testing.assert_array_equal(said["score"].astype(float), card.score(frame).score)


def test_no_rows_have_no_scores() -> None:
    card = card_of(borrowers())
    assert card.score(borrowers(0)).score.shape == (0,)
    assert card.score(borrowers(0)).reasons(3).shape == (0, 3)


def test_the_sql_is_also_spark_s() -> None:
    """As for every model: nothing in it that only one engine has."""
    (select,) = sqlglot.parse(to_sql(card_of(borrowers()), "asked"), read="duckdb")
    assert select is not None
    select.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


def test_all_columns_of_the_relation_stay_and_the_card_adds_its_own() -> None:
    card = card_of(borrowers())
    said = in_engine(card, borrowers(10))
    points = [f"points_{line.name}" for line in card.lines]
    assert list(said) == [*borrowers(1), "row", *points, *ADDED]


def test_a_characteristic_named_like_a_result_is_refused() -> None:
    frame = borrowers().rename(columns={"region": "Score"})
    card = card_of(frame, (*CHARACTERISTICS[:2], Coded(name="Score")))
    with pytest.raises(BadCard, match="Score is a column that the card's SQL makes"):
        to_sql(card, "asked")
