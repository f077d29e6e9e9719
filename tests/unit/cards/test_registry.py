"""Files of cards and decisions: what is refused, and which card decides on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.cards.decisions import FILE, read_decisions, written
from orchestration.cards.promotion import keep_candidate, promote, retire
from orchestration.cards.registry import Registry, add_card, champions, read_registry
from orchestration.cards.sample import fit_from_warehouse
from orchestration.credit.card import Card
from orchestration.credit.errors import BadCard
from tests.unit.cards.marts import AS_OF, development, marts

FIRST = date(2025, 1, 1)
LATER = date(2025, 3, 1)
ENDED = date(2025, 6, 1)
DAY = timedelta(days=1)


def crown(folder: Path, card: Card, day: date, despite: str | None = None) -> Registry:
    bounds = development().promotion
    return promote(folder, card, bounds, day, AS_OF, "Ada", "better", despite)


def test_a_home_without_cards_has_no_champion(tmp_path: Path) -> None:
    registry = read_registry(tmp_path / "cards")
    assert (registry.cards, registry.decisions) == ({}, ())
    assert champions(registry, FIRST) == {}


def test_the_champion_of_a_day_is_the_last_one_promoted_by_then(
    folder: Path, card: Card, challenger: Card
) -> None:
    assert champions(read_registry(folder), LATER) == {}
    crown(folder, card, FIRST)
    crown(folder, challenger, LATER)
    retire(folder, challenger, ENDED, AS_OF, "Ada", "the product ends")
    registry = read_registry(folder)
    for day, expected in (
        (FIRST - DAY, None),
        (FIRST, card),
        (LATER - DAY, card),
        (LATER, challenger),
        (ENDED - DAY, challenger),
        (ENDED, None),
    ):
        assert champions(registry, day).get("behavioural") == expected, day


@pytest.mark.parametrize("reason", ["two\nlines", "two\r\nlines", "a\rreturn", "\0", "\udc80"])
def test_what_is_more_than_a_line_of_text_is_refused(folder: Path, card: Card, reason: str) -> None:
    before = read_registry(folder)
    for who, why in (("Ada", reason), (f"Ada{reason}", "better")):
        with pytest.raises(BadCard, match="in one line"):
            promote(folder, card, development().promotion, FIRST, AS_OF, who, why)
    assert read_registry(folder) == before
    crown(folder, card, FIRST, despite="\u6bd4\u4ee5\u524d\u3000\u597d")


def test_lines_of_a_decision_written_before_are_read_as_they_are(folder: Path, card: Card) -> None:
    crown(folder, card, FIRST)
    *others, last = read_decisions(folder)
    known = (*others, replace(last, reason="two\r\nlines"))
    (folder / FILE).write_bytes(written(known).encode())
    assert read_decisions(folder) == known


def test_a_code_with_a_return_is_kept(tmp_path: Path) -> None:
    with marts() as con:
        con.execute(
            "update marts.credit_feature_month set employment = 'on' || chr(13) || chr(10) || 'own'"
            " where employment = 'own'"
        )
        kept = fit_from_warehouse(con, "behavioural", AS_OF, development())
    add_card(tmp_path, kept)
    assert read_registry(tmp_path).cards == {kept.version: kept}


def test_later_decisions_change_no_day_before_them(
    folder: Path, card: Card, challenger: Card
) -> None:
    before = crown(folder, card, FIRST)
    after = crown(folder, challenger, LATER)
    for days in range((LATER - FIRST).days):
        day = FIRST + days * DAY
        assert champions(before, day) == champions(after, day)


def test_a_candidate_decides_about_nobody(folder: Path, card: Card) -> None:
    before = crown(folder, card, FIRST)
    other = card.model_copy(update={"factor": card.factor + 1})
    add_card(folder, other)
    after = keep_candidate(folder, other, AS_OF, "Ada", "fitted")
    assert other.version in after.cards
    assert champions(after, LATER) == champions(before, LATER)


def test_a_day_has_one_champion(folder: Path, card: Card, challenger: Card) -> None:
    crown(folder, card, FIRST)
    with pytest.raises(BadCard, match="would both be the behavioural champion from 2025-01-01"):
        crown(folder, challenger, FIRST)
    assert len(read_decisions(folder)) == 3


def test_no_card_decides_before_its_data_were_known(folder: Path, card: Card) -> None:
    with pytest.raises(BadCard, match="it could not have been in force"):
        crown(folder, card, AS_OF - DAY)
    assert champions(crown(folder, card, AS_OF), AS_OF) == {"behavioural": card}


def test_only_a_champion_is_retired(folder: Path, card: Card, challenger: Card) -> None:
    crown(folder, card, FIRST)
    with pytest.raises(BadCard, match="not in force on 2025-03-01"):
        retire(folder, challenger, LATER, AS_OF, "Ada", "none")
    with pytest.raises(BadCard, match="no card is"):
        retire(folder, card, FIRST - DAY, AS_OF, "Ada", "none")


def test_decisions_need_a_name_and_a_reason(folder: Path, card: Card) -> None:
    with pytest.raises(BadCard, match="needs who decided it, and a reason"):
        promote(folder, card, development().promotion, FIRST, AS_OF, " ", "better")


@pytest.mark.parametrize(
    ("found", "put"),
    [("Ada", "Bob"), ("2025-01-01", "2024-12-31"), ("candidate", "retired"), ("sha256", "sha")],
)
def test_decisions_that_were_changed_are_refused(
    folder: Path, card: Card, found: str, put: str
) -> None:
    crown(folder, card, FIRST)
    path = folder / FILE
    text = path.read_text("utf-8")
    assert found in text
    path.write_text(text.replace(found, put, 1), "utf-8")
    with pytest.raises(BadCard, match=FILE):
        read_registry(folder)


def test_a_decision_cannot_be_taken_out(folder: Path) -> None:
    path = folder / FILE
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]), "utf-8")
    with pytest.raises(BadCard, match="decision 1 is not what was written"):
        read_registry(folder)


def test_cards_that_were_changed_or_are_gone_are_refused_by_name(folder: Path, card: Card) -> None:
    artefact, table = (folder / f"{card.version}.{end}" for end in ("json", "csv"))
    whole = artefact.read_text("utf-8")
    artefact.write_text(whole.replace('"points": 2', '"points": 3', 1), "utf-8")
    with pytest.raises(BadCard, match=f"{artefact.name}: changed since it was written"):
        read_registry(folder)
    artefact.write_text(whole, "utf-8")
    for other in (b"other\n", b"\xff"):
        table.write_bytes(other)
        with pytest.raises(BadCard, match=f"{table.name}: not the table"):
            read_registry(folder)
    artefact.unlink()
    with pytest.raises(BadCard, match=f"there is no card {card.version}.*from a backup"):
        read_registry(folder)


def test_what_is_no_card_or_no_folder_of_cards_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "deep.json").write_text("[" * 100_000, "utf-8")
    with pytest.raises(BadCard, match=r"deep\.json: not a card's artefact"):
        read_registry(folder)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(BadCard, match="not a folder"):
        read_registry(file)


def test_a_card_under_another_name_is_refused(folder: Path, card: Card) -> None:
    (folder / f"{card.version}.json").rename(folder / "behavioural-9.json")
    with pytest.raises(BadCard, match=r"behavioural-9\.json: not the card that its name says"):
        read_registry(folder)


def test_a_card_is_found_by_what_no_other_begins_with(
    folder: Path, card: Card, challenger: Card
) -> None:
    registry = read_registry(folder)
    assert registry.find(card.version) == registry.find(card.sha256[:8]) == card
    assert registry.find("behavioural-test-2") == challenger
    with pytest.raises(BadCard, match="may be any of"):
        registry.find("behavioural")
    for name in ("unknown", ""):
        with pytest.raises(BadCard, match="there is no card"):
            registry.find(name)


def test_a_stop_while_writing_leaves_what_was(
    folder: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_registry(folder)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            crown(folder, card, FIRST)
    assert read_registry(folder) == before
    crown(folder, card, FIRST)


def test_a_card_is_added_once_and_needs_an_origin(folder: Path, card: Card) -> None:
    path = add_card(folder, card)
    assert path.stem == card.version
    assert len(list(folder.glob("*.json"))) == 2
    with pytest.raises(BadCard, match="cannot be kept"):
        add_card(folder, card.model_copy(update={"origin": None}))
