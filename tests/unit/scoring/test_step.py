"""Which card scores which months, and that its scores are those of the reference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from orchestration.cards.registry import Registry
from orchestration.credit.errors import BadCard
from orchestration.credit.score import apply
from orchestration.scoring.step import decided_by_day, score_window, stretches
from orchestration.scoring.store import REASONS, require_kept
from orchestration.state import Window
from tests.support.cards import both_kinds, decision, registry_of, written_card
from tests.unit.scoring.marts import FIRST, features

EVERYTHING = Window(FIRST, date(2024, 6, 11))
CROWNED = date(2024, 2, 29)
LATER = date(2024, 5, 1)


def scores(con: duckdb.DuckDBPyConnection, where: str = "true") -> list[tuple[object, ...]]:
    return con.execute(f"select * from fits.credit_score where {where} order by all").fetchall()


def test_every_score_is_that_of_the_reference() -> None:
    cards = both_kinds(FIRST)
    with features() as con:
        scored = score_window(con, registry_of(*((card, FIRST) for card in cards)), EVERYTHING)
        assert {one.kind for one in scored} == {"behavioural", "application"}
        for card in cards:
            assert card.origin is not None
            asked = con.execute(
                "select * from marts.credit_feature_month where population = ? order by all",
                [card.origin.kind],
            ).df()
            asked["area"] = asked["area"].astype(object).where(asked["area"].notna(), None)
            expected = apply(card, asked)
            found = con.execute(
                "select f.*, s.* exclude (customer_key, month) "
                "from marts.credit_feature_month as f inner join fits.credit_score as s "
                "using (customer_key, month) where kind = ? order by f.*",
                [card.origin.kind],
            ).df()
            assert len(found) == len(asked) > 500
            for column in ("score", "pd", "grade", "unseen", "reason_1", "reason_2", "reason_3"):
                _same(found[column], expected[column])
            assert found["reason_4"].isna().all()
            assert found["score"].isna().any()


def _same(found: pd.Series, expected: pd.Series) -> None:
    one = [None if pd.isna(value) else value for value in found]
    other = [None if pd.isna(value) else value for value in expected]
    if found.name == "pd":
        one = [value and Decimal(str(value)) for value in one]
        other = [value and round(Decimal(value), 6) for value in other]
    assert one == other


def test_a_day_is_scored_by_the_card_in_force_on_it() -> None:
    first, later = written_card("behavioural", FIRST), written_card("behavioural", FIRST, "hand-2")
    registry = registry_of((first, CROWNED), (later, LATER))
    found = [(one.card.version, one.start, one.end) for one in stretches(registry, EVERYTHING)]
    assert found == [
        (first.version, date(2024, 2, 1), date(2024, 5, 1)),
        (later.version, date(2024, 5, 1), date(2024, 7, 1)),
    ]
    # The running month is judged on the window's last day, which the card may not have reached.
    running = Window(FIRST, CROWNED)
    assert list(stretches(registry, running)) == []
    assert [one.start for one in stretches(registry, Window(FIRST, date(2024, 3, 1)))] == [
        date(2024, 2, 1)
    ]


def test_a_retired_card_scores_no_later_month() -> None:
    card = written_card("application", FIRST)
    registry = registry_of((card, FIRST))
    ended = decision(card, date(2024, 3, 31), "retired")
    found = list(stretches(replace(registry, decisions=(*registry.decisions, ended)), EVERYTHING))
    assert [(one.start, one.end) for one in found] == [(FIRST, date(2024, 3, 1))]


def test_a_retrained_card_changes_no_score_before_it() -> None:
    first, later = written_card("behavioural", FIRST), written_card("behavioural", FIRST, "b", 7)
    with features() as con:
        score_window(con, registry_of((first, CROWNED)), EVERYTHING)
        before = scores(con, f"month < date '{LATER}'")
        ahead = scores(con, f"month >= date '{LATER}'")
        score_window(con, registry_of((first, CROWNED), (later, LATER)), EVERYTHING)
        assert scores(con, f"month < date '{LATER}'") == before
        assert scores(con, f"month >= date '{LATER}'") != ahead


@pytest.mark.parametrize("cuts", [[date(2024, 3, 31)], [date(2024, 4, 1), date(2024, 6, 2)]])
def test_windows_one_by_one_end_in_the_same_scores(cuts: list[date]) -> None:
    registry = registry_of(*((card, CROWNED) for card in both_kinds(CROWNED)))
    with features() as con:
        score_window(con, registry, EVERYTHING)
        whole = scores(con)
        for start, end in zip([FIRST, *cuts], [*cuts, EVERYTHING.end], strict=True):
            score_window(con, registry, Window(start, end))
        assert scores(con) == whole


def test_decisions_that_scores_were_made_by_are_missed() -> None:
    cards = both_kinds(CROWNED)
    registry = registry_of(*((card, CROWNED) for card in cards))
    first, last = registry.decisions
    with features() as con:
        require_kept(con, registry)
        score_window(con, registry, EVERYTHING)
        require_kept(con, registry)
        more = decision(cards[0], LATER, "retired")
        require_kept(con, replace(registry, decisions=(first, last, more)))
        for decisions in ((), (first,), (last, first), (first, replace(last, reason="other"))):
            with pytest.raises(BadCard, match=r"decision \d of 2 .* from a backup"):
                require_kept(con, replace(registry, decisions=decisions))


def test_scores_do_not_depend_on_who_else_is_scored() -> None:
    registry = registry_of(*((card, FIRST) for card in both_kinds(FIRST)))
    with features() as con:
        score_window(con, registry, EVERYTHING)
        some = scores(con, "customer_key % 7 = 3")
        con.execute("delete from marts.credit_feature_month where customer_key % 7 <> 3")
        score_window(con, registry, EVERYTHING)
        assert scores(con) == some


def test_cards_and_decisions_stand_beside_the_scores() -> None:
    cards = both_kinds(FIRST)
    registry = registry_of(*((card, FIRST) for card in cards))
    with features() as con:
        for _ in range(2):
            score_window(con, registry, EVERYTHING)
        assert con.execute("select count(*) from fits.scorecard").fetchone() == (2,)
        lines = con.execute(
            "select label, lower, upper, points from fits.scorecard_line "
            "where card = ? and feature = 'assets_short' order by bin",
            [cards[0].version],
        ).fetchall()
        assert lines[0] == ("range 0", None, 20000.0, 180)
        assert lines[-1] == ("unseen 4", None, None, None)
        values = con.execute(
            "select feature, number, code from fits.scorecard_value where card = ? order by all",
            [cards[0].version],
        ).fetchall()
        assert values == [("area", None, "urban"), ("tenure_months", 14.0, None)]
        decided = con.execute("select decision, state, reason from fits.scorecard_decision")
        assert decided.fetchall() == [(1, "champion", "tests"), (2, "champion", "tests")]


def test_a_home_without_cards_scores_nobody() -> None:
    with features() as con:
        assert score_window(con, Registry({}, ()), EVERYTHING) == []
        assert scores(con) == []


def test_scores_are_made_anew_by_whom_a_decision_crowns_and_by_no_candidate() -> None:
    card, other = written_card("behavioural", FIRST), written_card("behavioural", FIRST, "hand-2")
    registry = registry_of((card, FIRST))
    decided = decided_by_day(registry)
    assert list(decided) == [FIRST]
    known = {card.version: card, other.version: other}
    candidate = decision(other, LATER, "candidate")
    assert decided_by_day(Registry(known, (*registry.decisions, candidate))) == decided
    crowned = Registry(known, (*registry.decisions, decision(other, LATER)))
    assert decided_by_day(crowned) == decided | {LATER: decided_by_day(crowned)[LATER]}
    retired = Registry(known, (*crowned.decisions, decision(other, LATER, "retired")))
    assert decided_by_day(retired)[LATER] != decided_by_day(crowned)[LATER]


def test_as_many_reasons_as_the_table_has() -> None:
    """A column of the table for each, and none left over."""
    with features() as con:
        score_window(con, Registry({}, ()), EVERYTHING)
        columns = con.execute("describe fits.credit_score").fetchall()
        names = [row[0] for row in columns if row[0].startswith("reason_")]
        assert names == [f"reason_{at}" for at in range(1, REASONS + 1)]
