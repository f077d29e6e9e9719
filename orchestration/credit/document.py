"""The card on paper: a document that carries its own hash, and a table for people."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

from pydantic import ValidationError

from orchestration.credit.card import Card
from orchestration.credit.errors import BadCard

# Raised when a document of before would be read differently.
FORMAT = 1
HEADER = (
    "card", "version", "characteristic", "bin", "goods", "bads", "bad_rate", "weight_of_evidence",
    "points",
)  # fmt: skip


def to_json(card: Card) -> str:
    """The document: the card, its format, and the SHA-256 of both, written one way only."""
    content = {"format": FORMAT, "card": card.model_dump(mode="json")}
    document = content | {"sha256": _digest(content)}
    return json.dumps(document, indent=2, sort_keys=True, allow_nan=False) + "\n"


def sha256(card: Card) -> str:
    """By which a verdict names the card that it came from."""
    return _digest({"format": FORMAT, "card": card.model_dump(mode="json")})


def from_json(text: str) -> Card:
    """The card of a document; one that was changed by hand is refused."""
    try:
        document = json.loads(text)
        content = {"format": document["format"], "card": document["card"]}
        signed = document["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadCard(f"this is no document of a card: {error!r}") from error
    if content["format"] != FORMAT:
        raise BadCard(f"the card is written in format {content['format']}, and {FORMAT} is read")
    if _digest(content) != signed:
        raise BadCard(
            "the card is not the one that was signed off: its SHA-256 is another. Take the "
            "original, or build a new version"
        )
    try:
        return Card.model_validate_json(json.dumps(content["card"]))
    except ValidationError as error:
        raise BadCard(f"the card does not hold together: {error}") from error


def to_csv(card: Card) -> str:
    """The table: a row per bin, in the card's order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for line in card.lines:
        for one, points in zip(line.binned.bins, line.points, strict=True):
            rows = one.goods + one.bads
            rate, weight = f"{one.bads / rows:.4f}", f"{one.weight:.4f}"
            place = (card.name, card.version, line.name, one.label)
            writer.writerow((*place, one.goods, one.bads, rate, weight, points))
    return out.getvalue()


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
