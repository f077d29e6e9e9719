"""What a card must show before it may decide."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from orchestration.cards.promotion import by_grade, evidence, promote
from orchestration.credit.card import Card
from orchestration.credit.errors import BadCard
from orchestration.credit.master_scale import grade_of
from tests.unit.cards.marts import AS_OF, development

FIRST = date(2025, 1, 1)


def test_evidence_is_of_the_rows_that_tested(card: Card) -> None:
    assert card.tested is not None
    found = {one.name: one for one in evidence(card, development().promotion)}
    assert all(one.holds for one in found.values())
    assert found["tested rows"].value == card.tested.rows
    assert found["expected to bad"].value == pytest.approx(
        card.tested.mean_pd * card.tested.rows / card.tested.bads, abs=1e-6
    )
    assert found["Brier"].value < (found["Brier"].most or 0)


def test_classes_add_up_to_the_rows(card: Card) -> None:
    grades = by_grade(card, card.learned)
    assert sum(one.rows for one in grades) == card.learned.rows
    assert sum(one.bads for one in grades) == card.learned.bads
    assert sum(one.pd * one.rows for one in grades) / card.learned.rows == pytest.approx(
        card.learned.mean_pd, abs=1e-9
    )
    inside = [
        goods + bads
        for score, goods, bads in card.learned.counts
        if grade_of(card.steps, score) == grades[0].grade
    ]
    assert grades[0].rows == sum(inside)


@pytest.mark.parametrize(
    ("bound", "value", "match"),
    [
        ("least_rows", 10_000, "tested rows is .* asks for 10000 or more"),
        ("least_bads", 10_000, "tested bad rows"),
        ("least_auc", 0.99, "AUC, lower end is"),
        ("least_expected_to_bad", 1.4, "expected to bad is"),
        ("most_expected_to_bad", 0.71, "expected to bad is .* allows 0.71 at most"),
        ("most_grade_drift", 1e-9, "drift of grades"),
        ("most_feature_drift", 1e-9, "drift of a feature"),
    ],
)
def test_a_card_beyond_a_bound_is_not_promoted(
    folder: Path, card: Card, bound: str, value: float, match: str
) -> None:
    bounds = development(**{bound: value}).promotion
    with pytest.raises(BadCard, match=match):
        promote(folder, card, bounds, FIRST, AS_OF, "Ada", "better")
    registry = promote(folder, card, bounds, FIRST, AS_OF, "Ada", "better", "no other is there")
    kept = json.loads(registry.decisions[-1].evidence)
    assert kept["despite"] == "no other is there"
    assert len(kept["failing"]) == 1


def test_a_promotion_keeps_the_evidence(folder: Path, card: Card) -> None:
    terms = development().promotion
    registry = promote(folder, card, terms, FIRST, AS_OF, "Ada", "better", "not needed")
    kept = json.loads(registry.decisions[-1].evidence)
    assert kept == {one.name: one.value for one in evidence(card, terms)}


def test_a_card_that_nothing_tested_is_refused(card: Card) -> None:
    with pytest.raises(BadCard, match="tested on no later rows"):
        evidence(card.model_copy(update={"tested": None}), development().promotion)
