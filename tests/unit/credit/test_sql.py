"""SQL and Python give every row the same: boundaries, missing, special and unseen values too."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.credit.card import Card, CardFeature
from orchestration.credit.errors import BadCard
from orchestration.credit.score import apply
from orchestration.credit.sql import compile_card
from tests.unit.credit.borrowers import borrowers

BEFORE_ROUNDING = 1e-9


def in_engine(card: Card, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows scored by DuckDB in the frame's order."""
    types = {one.name: "double" if one.kind == "numeric" else "varchar" for one in card.features}
    with duckdb.connect() as con:
        given_rows = frame[list(types)].reset_index(drop=True).copy()
        con.register("given_rows", given_rows.assign(id=np.arange(len(frame))))
        columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
        con.execute(f"create table loans as select id, {columns} from given_rows")
        return con.execute(f"{compile_card(card, 'loans', ['id'])} order by id").df()


def assert_equal(card: Card, frame: pd.DataFrame) -> None:
    """Every column of both, to the last digit but in sums of unrounded points."""
    engine, python = in_engine(card, frame), apply(card, frame)
    apart = engine["exact_score"] - python["exact_score"].to_numpy()
    assert (engine["exact_score"].isna() == python["exact_score"].isna().to_numpy()).all()
    assert not (apart.abs() > BEFORE_ROUNDING).any()
    for column in python.columns.drop("exact_score"):
        assert plain(engine[column]) == plain(python[column]), column
    assert set(engine["card_version"]) == {card.version}


def plain(column: pd.Series) -> list[object]:
    """Values with None for everything that stands for none."""
    return [None if pd.isna(value) else value for value in column]


def awkward(feature: CardFeature) -> list[object]:
    """Each bound and its neighbours, specials and theirs, what is missing, outliers, unseen."""
    found: list[object] = [None]
    for row in feature.rows:
        found += [*row.values]
        if row.upper is not None:
            found += [row.upper, np.nextafter(row.upper, -np.inf), np.nextafter(row.upper, np.inf)]
    if feature.kind == "categorical":
        return [*found, "", "CLERK", " clerk", "never seen", "'", "\\", "null", "中"]
    beside = [np.nextafter(x, side) for x in (-9.0, -1.0, -2.0) for side in (-np.inf, np.inf)]
    return [*found, *beside, np.nan, np.inf, -np.inf, 1e300, -1e300, 1.7976931348623157e308, -0.0]


def test_awkward_values_alone(any_card: Card) -> None:
    """Each awkward value beside otherwise plain ones."""
    usual = borrowers()[0].dropna().iloc[0]
    rows = [
        usual.to_dict() | {feature.name: value}
        for feature in any_card.features
        for value in awkward(feature)
    ]
    assert_equal(any_card, pd.DataFrame(rows))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
@pytest.mark.slow
def test_awkward_values_together(any_card: Card, data: st.DataObject) -> None:
    number = st.floats(allow_nan=True, allow_infinity=True)
    kinds = {"numeric": number, "categorical": st.text(max_size=3)}
    row = st.fixed_dictionaries(
        {
            one.name: st.sampled_from(awkward(one)) | kinds[one.kind].filter(lambda x: x != "\0")
            for one in any_card.features
        }
    )
    frame = pd.DataFrame(data.draw(st.lists(row, min_size=1, max_size=30)))
    for feature in any_card.features:
        kind = "float64" if feature.kind == "numeric" else object
        frame[feature.name] = frame[feature.name].astype(kind)
    with_nul = frame.map(lambda x: isinstance(x, str) and "\0" in x).any(axis=1)
    assert_equal(any_card, frame[~with_nul])


def test_rows_of_a_whole_portfolio(any_card: Card) -> None:
    assert_equal(any_card, borrowers(5000, seed=8)[0])


def test_a_score_does_not_depend_on_the_batch(any_card: Card) -> None:
    frame = borrowers(60, seed=9)[0]
    whole = apply(any_card, frame)
    alone = pd.concat([apply(any_card, frame.iloc[[at]]) for at in range(len(frame))])
    backwards = in_engine(any_card, frame[::-1])[::-1].reset_index(drop=True)
    for column in whole.columns.drop("exact_score"):
        assert plain(whole[column]) == plain(alone[column]) == plain(backwards[column]), column


def test_what_was_never_seen_is_flagged_whatever_it_scores(any_card: Card) -> None:
    usual = borrowers()[0].dropna().iloc[0].to_dict()
    never = {"income": np.inf, "debt": np.nan, "age": -2.0, "job": "pilot", "place": "moon"}
    scored = apply(any_card, pd.DataFrame([usual, *({**usual, k: never[k]} for k in never)]))
    names = {feature.name for feature in any_card.features}
    assert plain(scored["unseen"]) == [None, *(k if k in names else None for k in never)]
    has_score = any_card.policy.unseen != "no_score"
    flagged = scored[scored["unseen"].notna()]
    assert len(flagged) >= 3
    assert (flagged["score"].notna() == has_score).all()


def test_neutral_and_worst_are_what_they_say(any_card: Card) -> None:
    for feature in any_card.features:
        stand_in = feature.rows[-1].exact
        seen = [row.exact for row in feature.seen if row.exact is not None]
        rows = [row.goods + row.bads for row in feature.seen]
        if any_card.policy.unseen == "no_score":
            assert stand_in is None
        elif any_card.policy.unseen == "worst":
            assert stand_in == min(seen)
        else:
            assert stand_in == pytest.approx(np.average(seen, weights=rows), abs=1e-9)


def test_spark_reads_the_same_select(card: Card) -> None:
    query = compile_card(card, "loans", ["loan_id"])
    (spark,) = sqlglot.transpile(
        query, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert "isnan(" in spark.lower()
    assert "try_cast" not in spark.lower()


def test_a_reserved_word_is_refused(card: Card) -> None:
    with pytest.raises(BadCard, match="order is a reserved word"):
        compile_card(card, "loans", ["order"])


def test_a_key_with_a_name_of_ours_is_refused(card: Card) -> None:
    for key in ("score", "income"):
        with pytest.raises(BadCard, match=f"key {key} has the name of a feature or of"):
            compile_card(card, "loans", [key])
