"""The artefact says all there is to know, and is refused if it says anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from orchestration.credit.card import Card, read_card, write_card
from orchestration.credit.errors import BadCard, BadPolicy
from orchestration.credit.policy import read_policy
from orchestration.credit.score import apply
from orchestration.credit.sql import compile_card
from tests.unit.credit.borrowers import borrowers, policy


def test_a_card_comes_back_as_it_was(card: Card, tmp_path: Path) -> None:
    path = write_card(card, tmp_path)
    back = read_card(path)
    assert (back, back.sha256, path.stem) == (card, card.sha256, card.version)
    assert compile_card(back, "loans", ["id"]) == compile_card(card, "loans", ["id"])
    frame = borrowers(50)[0]
    pd.testing.assert_frame_equal(apply(back, frame), apply(card, frame))


def test_the_table_beside_it_adds_up_to_the_rows(card: Card, tmp_path: Path) -> None:
    table = pd.read_csv(write_card(card, tmp_path).with_suffix(".csv"), keep_default_na=False)
    assert set(table.groupby("feature")[["goods", "bads"]].sum().sum(axis=1)) == {card.learned.rows}
    assert list(table.columns)[:3] == ["feature", "bin", "values"]


@pytest.mark.parametrize(
    ("found", "put", "match"),
    [
        ('"points": 6', '"points": 7', "changed since it was written"),
        ('"format": 1', '"format": 2', "not a card of format 1: format"),
        ('"goods"', '"gods"', "not a card of format 1"),
        ('"card"', '"cart"', "not a card's artefact"),
        ("{", "", "not a card's artefact"),
    ],
)
def test_a_changed_artefact_is_refused(
    card: Card, tmp_path: Path, found: str, put: str, match: str
) -> None:
    path = write_card(card, tmp_path)
    text = path.read_text("utf-8")
    assert found in text
    path.write_text(text.replace(found, put, 1), "utf-8")
    with pytest.raises(BadCard, match=match):
        read_card(path)


def test_policies_that_contradict_themselves_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    for text, match in {
        "version = ": "not TOML",
        'version = "x"': "features: Field required",
    }.items():
        path.write_text(text, "utf-8")
        with pytest.raises(BadPolicy, match=match):
            read_policy(path)
    for change, match in (
        ({"grades": ({"name": "A", "below": 0.5}, {"name": "B", "below": 0.4})}, "must rise"),
        ({"version": "../x"}, "letters, digits"),
        ({"features": ({"name": "Not SQL", "kind": "numeric"},)}, "lower case"),
        ({"features": ({"name": "x", "kind": "numeric"},) * 2}, "listed twice"),
        (
            {"features": ({"name": "x", "kind": "categorical", "trend": "peak"},)},
            "codes have no order",
        ),
    ):
        with pytest.raises(ValueError, match=match):
            policy(**change)


def test_a_card_from_before_a_term_was_there_is_what_it_was(card: Card, tmp_path: Path) -> None:
    path = write_card(card, tmp_path)
    assert "max_drift" not in path.read_text("utf-8")
    older = read_card(path)
    assert older.policy.screening.max_drift is None
    assert older.version == card.version == path.stem


def test_the_digest_is_of_the_content(card: Card) -> None:
    content = json.loads(json.dumps(card.content()))
    assert Card.model_validate_json(json.dumps(content)).sha256 == card.sha256
