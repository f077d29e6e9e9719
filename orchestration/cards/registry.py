"""Cards and decisions in a home: files that are added to, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.cards.decisions import (
    FILE,
    Decision,
    in_force,
    one_line,
    read_decisions,
    together,
    written,
)
from orchestration.credit.card import Card, read_card, table_text, write_card, write_whole
from orchestration.credit.errors import BadCard


@dataclass(frozen=True)
class Registry:
    """All cards of a home, by version, and what was decided about them, oldest first."""

    cards: dict[str, Card]
    decisions: tuple[Decision, ...]

    def find(self, name: str) -> Card:
        """A card by its version or digest, or by so much of the beginning as no other one has."""
        found = [
            card
            for version, card in self.cards.items()
            if name and (version.startswith(name) or card.sha256.startswith(name))
        ]
        if name in self.cards:
            return self.cards[name]
        if len(found) == 1:
            return found[0]
        if found:
            like = ", ".join(card.version for card in found)
            raise BadCard(f"{name!r} may be any of {like}: give more of it")
        raise BadCard(f"there is no card {name!r}: `tenure scorecard list` shows all")


def read_registry(folder: Path) -> Registry:
    """Cards and decisions, refused by name unless they are what was written; none if none is."""
    cards = {}
    if folder.exists() and not folder.is_dir():
        raise BadCard(f"{folder}: not a folder: cards and decisions about them stand in one")
    for path in sorted(folder.glob("*.json")) if folder.exists() else ():
        card = _read(path)
        cards[card.version] = card
    decisions = read_decisions(folder)
    together(decisions, _known(cards))
    return Registry(cards, decisions)


def champions(registry: Registry, month_end: date) -> dict[str, Card]:
    """Kind -> the card that decides on this day; a kind without one is not there."""
    return {
        kind: registry.cards[version]
        for kind, version in in_force(registry.decisions, month_end).items()
    }


def add_card(folder: Path, card: Card) -> Path:
    """Keeps a card: artefact, and a table for people; one that is there already stays."""
    if card.origin is None:
        raise BadCard("a card that no warehouse gave the rows for cannot be kept in a home")
    path = folder / f"{card.version}.json"
    return path if path.exists() else write_card(card, folder)


def decide(folder: Path, decision: Decision) -> Registry:
    """Adds a decision to those made, if it can stand beside them."""
    one_line(decision)
    registry = read_registry(folder)
    decisions = (*registry.decisions, decision)
    together(decisions, _known(registry.cards))
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE, written(decisions))
    return Registry(registry.cards, decisions)


def _read(path: Path) -> Card:
    card = read_card(path)
    if card.origin is None or card.version != path.stem:
        raise BadCard(f"{path}: not the card that its name says")
    table = path.with_suffix(".csv")
    # As bytes: a code may hold a return, and text would come back without it.
    if not table.exists() or table.read_bytes() != table_text(card).encode():
        raise BadCard(f"{table}: not the table of {path.name}: restore both from a backup")
    return card


def _known(cards: dict[str, Card]) -> dict[str, tuple[str, date]]:
    return {
        version: (card.origin.kind, card.origin.as_of)
        for version, card in cards.items()
        if card.origin is not None
    }
