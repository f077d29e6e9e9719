"""Champion against challenger, on rows that neither learned from."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.cards.compare import compare
from orchestration.cards.sample import fit_from_warehouse
from orchestration.credit.card import Card
from orchestration.credit.errors import BadCard, BadSample
from tests.unit.cards.marts import AS_OF, development, marts


@pytest.fixture(scope="module")
def poor() -> Card:
    """A card of an earlier day that asks for one thing only."""
    terms = development(features=({"name": "days_past_due", "kind": "numeric"},))
    with marts() as con:
        return fit_from_warehouse(con, "behavioural", date(2024, 6, 30), terms)


def test_a_better_card_is_told_from_a_poor_one(card: Card, poor: Card) -> None:
    with marts() as con:
        found = compare(con, card, poor, AS_OF)
        turned = compare(con, poor, card, AS_OF)
    assert card.tested is not None
    assert (found.one.start, found.one.end) == (card.tested.start, card.tested.end)
    # The card's own test rows: one of each customer from its split on.
    assert (found.one.rows, found.one.auc) == (card.tested.rows, card.tested.auc)
    assert found.difference == pytest.approx(found.one.auc - found.other.auc)
    assert found.is_told
    assert found.lower > 0
    assert (turned.difference, turned.lower) == pytest.approx((-found.difference, -found.upper))


def test_cards_of_the_same_rows_do_not_differ(card: Card, challenger: Card) -> None:
    with marts() as con:
        assert not compare(con, card, challenger, AS_OF).is_told


def test_what_cannot_be_compared_is_refused(card: Card, challenger: Card) -> None:
    assert card.origin is not None
    origin = card.origin.model_copy(update={"kind": "application"})
    others = card.model_copy(update={"origin": origin})
    untested = challenger.model_copy(update={"tested": None})
    with marts(100) as con:
        refused = (
            (others, "not of one kind"), (untested, "have tested"), (card, "name two to hold"),
        )  # fmt: skip
        for other, match in refused:
            with pytest.raises(BadCard, match=match):
                compare(con, card, other, AS_OF)
        with pytest.raises(BadSample, match="of 0 rows from 2023-07-01 on that both cards score"):
            compare(con, card, challenger, date(2024, 6, 29))
