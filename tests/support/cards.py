"""Scorecards written by hand, where a test asks for a card and not for what it learned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orchestration.cards.decisions import Decision, State
from orchestration.cards.registry import Registry, add_card, decide
from orchestration.credit.card import Card
from tests.unit.credit.borrowers import policy

# Of each feature: kind, and its bins as (sort, lower, upper, values, basis, points).
_BINS: dict[str, tuple[str, Sequence[tuple[Any, ...]]]] = {
    "assets_short": ("numeric", [
        ("range", None, 20000, (), "data", 180), ("range", 20000, 90000.5, (), "data", 200),
        ("range", 90000.5, None, (), "data", 230), ("missing", None, None, (), "data", 190),
        ("unseen", None, None, (), "unseen", None),
    ]),
    "tenure_months": ("numeric", [
        ("range", None, 12, (), "data", 170), ("range", 12, None, (), "data", 210),
        ("special", None, None, (14.0,), "data", 199), ("missing", None, None, (), "unseen", None),
        ("unseen", None, None, (), "unseen", None),
    ]),
    "area": ("categorical", [
        ("codes", None, None, ("urban",), "data", 205), ("missing", None, None, (), "data", 195),
        ("unseen", None, None, (), "unseen", None),
    ]),
}  # fmt: skip


def written_card(kind: str, as_of: date, version: str = "hand-1", more: int = 0) -> Card:
    """A card of a kind, known on a day; `more`: points that every range gives beyond the first."""
    sample = {
        "start": "2022-01-01", "end": "2023-01-01", "rows": 1000, "bads": 100, "unscored": 0,
        "auc": 0.7, "auc_lower": 0.65, "auc_upper": 0.75, "gini": 0.4, "ks": 0.3, "brier": 0.08,
        "mean_pd": 0.1, "cut_offs": [],
        "counts": [[560, 100, 40], [600, 400, 40], [640, 400, 20]],
    }  # fmt: skip
    content = {
        "format": 1,
        "policy": policy(version=version).model_dump(mode="json"),
        "candidates": [],
        "intercept": 0.0,
        "factor": 28.8,
        "offset": 500.0,
        "features": [_feature(name, *given, more) for name, given in _BINS.items()],
        "curve": {"intercept": 16.0, "slope": -0.03},
        "steps": [
            {"grade": "A", "from_score": 620}, {"grade": "B", "from_score": 590},
            {"grade": "C", "from_score": None},
        ],
        "learned": sample,
        "held_out": sample,
        "tested": None,
        "drift": None,
        "origin": {
            "kind": kind, "as_of": as_of.isoformat(), "goods": 900, "bads": 100,
            "indeterminate": 0, "excluded": 0, "share": 1.0, "customers": 1000,
        },
    }  # fmt: skip
    fields = set(Card.model_fields)
    return Card.model_validate_json(json.dumps({k: v for k, v in content.items() if k in fields}))


def _feature(name: str, kind: str, bins: Sequence[tuple[Any, ...]], more: int) -> dict[str, Any]:
    rows = [
        {
            "sort": sort, "label": f"{sort} {at}", "lower": lower, "upper": upper,
            "values": list(values), "goods": 0 if basis == "unseen" else 90,
            "bads": 0 if basis == "unseen" else 10, "evidence": 0.1, "basis": basis,
            "exact": None if points is None else float(points + more * at),
            "points": None if points is None else points + more * at,
        }
        for at, (sort, lower, upper, values, basis, points) in enumerate(bins)
    ]  # fmt: skip
    return {
        "name": name, "kind": kind, "information_value": 0.2, "coefficient": 1.0, "error": 0.1,
        "rows": rows,
    }  # fmt: skip


def decision(card: Card, valid_from: date, state: State = "champion") -> Decision:
    """A decision about a card, made on the day from which it holds."""
    assert card.origin is not None
    return Decision(card.origin.kind, card.version, state, valid_from, valid_from, "Ada", "tests")


def registry_of(*crowned: tuple[Card, date]) -> Registry:
    """A registry in which each card becomes champion on a day."""
    cards = {card.version: card for card, _ in crowned}
    return Registry(cards, tuple(decision(card, day) for card, day in crowned))


def crown(folder: Path, card: Card, valid_from: date) -> None:
    """Keeps a card in a home's registry and makes it champion from a day on."""
    add_card(folder, card)
    decide(folder, decision(card, valid_from))


def both_kinds(valid_from: date, version: str = "hand-1", more: int = 0) -> list[Card]:
    """A card of each kind, known the day before it is to hold."""
    known = valid_from - timedelta(days=1)
    return [written_card(kind, known, version, more) for kind in ("behavioural", "application")]
