"""The card as a whole: scores, reasons, the document."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from orchestration.credit.document import FORMAT, from_json, sha256, to_csv, to_json
from orchestration.credit.errors import BadCard
from tests.unit.credit.samples import CHARACTERISTICS, borrowers, card_of


def test_a_score_does_not_depend_on_the_batch() -> None:
    frame = borrowers()
    card = card_of(frame)
    whole = card.score(frame)
    for at in range(0, 50):
        alone = card.score(frame.iloc[[at]])
        assert alone.score[0] == whole.score[at]
        assert alone.pd[0] == whole.pd[at]
    turned = np.random.default_rng(1).permutation(len(frame))
    assert (card.score(frame.iloc[turned]).score == whole.score[turned]).all()


def test_points_follow_the_evidence() -> None:
    for line in card_of(borrowers()).lines:
        order = np.argsort(line.binned.weights)
        assert (np.diff(np.array(line.points)[order]) >= 0).all()


def test_a_higher_score_is_a_lower_pd() -> None:
    said = card_of(borrowers()).score(borrowers(seed=9))
    order = np.argsort(said.score)
    assert (np.diff(said.pd[order]) <= 0).all()
    assert ((said.pd > 0) & (said.pd < 1)).all()


def test_pd_holds_on_rows_that_the_card_has_not_seen() -> None:
    card, later = card_of(borrowers(5_000)), borrowers(20_000, seed=7)
    said = card.score(later)
    bad = later["bad"].to_numpy()
    for tenth in np.array_split(np.argsort(said.pd, kind="stable"), 10):
        assert said.pd[tenth].mean() == pytest.approx(bad[tenth].mean(), abs=0.05)


def test_held_out_measures_are_below_the_fitted_ones() -> None:
    measures = card_of(borrowers(600)).measures
    assert measures["held_out"]["auc"] < measures["fitted"]["auc"]
    assert measures["held_out"]["without_score"] == 0


def test_reasons_are_the_points_lost_against_the_best_bin() -> None:
    frame = borrowers()
    card = card_of(frame)
    said = card.score(frame)
    for at in range(100):
        lost = {
            line.name: max(line.points) - points
            for line, points in zip(card.lines, said.points[at].tolist(), strict=True)
        }
        assert said.lost()[at].tolist() == list(lost.values())
        costly = sorted((name for name in lost if lost[name]), key=lambda name: -lost[name])
        reasons = [name for name in said.reasons(2)[at] if name is not None]
        assert reasons == costly[:2]
    best = sum(max(line.points) for line in card.lines)
    assert (said.score == best - said.lost().sum(axis=1)).all()


def test_the_document_reads_back_and_its_hash_is_stable() -> None:
    card = card_of(borrowers())
    text = to_json(card)
    again = from_json(text)
    assert again == card
    assert to_json(again) == text
    assert sha256(again) == sha256(card) == json.loads(text)["sha256"]
    frame = borrowers(seed=3)
    assert (again.score(frame).pd == card.score(frame).pd).all()
    assert to_json(card_of(borrowers())) == text
    assert sha256(card.model_copy(update={"version": 2})) != sha256(card)


def test_the_document_says_what_it_was_made_of() -> None:
    document = json.loads(to_json(card_of(borrowers())))
    assert document["format"] == FORMAT
    assert document["card"]["sample"]["start"] == "2023-01-01"
    assert document["card"]["policy"]["points_to_double"] == 20
    assert {"fitted", "held_out"} <= set(document["card"]["measures"])


def test_a_document_changed_by_hand_is_refused() -> None:
    document = json.loads(to_json(card_of(borrowers())))
    document["card"]["lines"][0]["points"][0] += 50
    with pytest.raises(BadCard, match="not the one that was signed off"):
        from_json(json.dumps(document))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "null"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(BadCard, match="no document of a card"):
        from_json(text)


def test_a_document_of_another_format_is_refused() -> None:
    document = json.loads(to_json(card_of(borrowers()))) | {"format": FORMAT + 1}
    with pytest.raises(BadCard, match="format"):
        from_json(json.dumps(document))


def test_the_table_has_a_row_per_bin() -> None:
    card = card_of(borrowers())
    rows = list(csv.DictReader(io.StringIO(to_csv(card))))
    assert len(rows) == sum(len(line.points) for line in card.lines)
    assert {row["characteristic"] for row in rows} == {one.name for one in CHARACTERISTICS}
    assert sum(int(row["bads"]) for row in rows if row["characteristic"] == "age") == (
        card.sample.bads
    )
