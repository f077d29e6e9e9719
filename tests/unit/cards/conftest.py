"""A card of the made-up bank that several tests read."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.cards.promotion import keep_candidate
from orchestration.cards.registry import add_card
from orchestration.cards.sample import fit_from_warehouse
from orchestration.credit.card import Card
from tests.unit.cards.marts import AS_OF, development, marts


@pytest.fixture(scope="session")
def card() -> Card:
    """By all that is known."""
    with marts() as con:
        return fit_from_warehouse(con, "behavioural", AS_OF, development())


@pytest.fixture(scope="session")
def challenger() -> Card:
    """By the same rows, under terms of another version."""
    terms = development(version="test-2", ridge=5.0)
    with marts() as con:
        return fit_from_warehouse(con, "behavioural", AS_OF, terms)


@pytest.fixture
def folder(tmp_path: Path, card: Card, challenger: Card) -> Path:
    """A registry with both as candidates."""
    for one in (card, challenger):
        add_card(tmp_path / "cards", one)
        keep_candidate(tmp_path / "cards", one, AS_OF, "Ada", "fitted")
    return tmp_path / "cards"
