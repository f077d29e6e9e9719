"""What was decided about cards: each line holds the digest of those above, so none is rewritten."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from orchestration.cards.development import KINDS
from orchestration.credit.errors import BadCard

FILE = "decisions.csv"
State = Literal["candidate", "champion", "retired"]
COLUMNS = (
    "kind", "card", "state", "valid_from", "decided_on", "decided_by", "reason", "evidence",
    "sha256",
)  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """A card's state from a day on. `evidence`: what was known of it then, as JSON."""

    kind: str
    card: str
    state: State
    valid_from: date
    decided_on: date
    decided_by: str
    reason: str
    evidence: str = "{}"

    def fields(self) -> tuple[str, ...]:
        """As they stand in a line, without the digest."""
        return (
            self.kind,
            self.card,
            self.state,
            self.valid_from.isoformat(),
            self.decided_on.isoformat(),
            self.decided_by,
            self.reason,
            self.evidence,
        )


def read_decisions(folder: Path) -> tuple[Decision, ...]:
    """All decisions, oldest first; a file that was changed by hand is refused by its line."""
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        # As bytes: read as text, a return within a reason would come back as another character.
        text = path.read_bytes().decode("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadCard(f"{path}: not a file of decisions: {error}") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise BadCard(f"{path}: the first line must be {','.join(COLUMNS)}")
    return tuple(_read(path, rows[1:]))


def _read(path: Path, rows: Sequence[Sequence[str]]) -> Iterator[Decision]:
    before = ""
    for at, row in enumerate(rows, start=1):
        if len(row) != len(COLUMNS) or row[-1] != digest(before, row[:-1]):
            raise BadCard(
                f"{path}: decision {at} is not what was written: restore the file from a backup; "
                "what was decided wrongly is decided anew"
            )
        before = row[-1]
        yield _decision(path, at, row)


def _decision(path: Path, at: int, row: Sequence[str]) -> Decision:
    kind, card, state, valid_from, decided_on, decided_by, reason, evidence, _ = row
    try:
        found = Decision(
            kind=kind,
            card=card,
            state=next(one for one in get_args(State) if one == state),
            valid_from=date.fromisoformat(valid_from),
            decided_on=date.fromisoformat(decided_on),
            decided_by=decided_by,
            reason=reason,
            evidence=evidence,
        )
        json.loads(evidence)
    except (ValueError, StopIteration) as error:
        raise BadCard(f"{path}: decision {at} cannot be read: {error!r}") from error
    return found


def written(decisions: Sequence[Decision]) -> str:
    """The file of these decisions."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    before = ""
    for one in decisions:
        before = digest(before, one.fields())
        writer.writerow((*one.fields(), before))
    return out.getvalue()


def digest(before: str, fields: Sequence[str]) -> str:
    """Of a line and, through the digest before it, of all lines above."""
    return hashlib.sha256(json.dumps([before, *fields]).encode()).hexdigest()


def one_line(decision: Decision) -> None:
    """Refuses what a file of lines could not give back: line ends, control characters, no text."""
    for text in (decision.decided_by, decision.reason, decision.evidence):
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            raise BadCard(
                f"{text!r}: who decided and why are told in one line, without control characters"
            )


def together(decisions: Sequence[Decision], known: Mapping[str, tuple[str, date]]) -> None:
    """Refuses decisions that cannot stand beside each other.

    `known`: card -> its kind, and the day on which its data were known.
    """
    crowned: dict[tuple[str, date], str] = {}
    for one in decisions:
        _of_its_card(one, known)
        if one.state != "champion":
            continue
        other = crowned.setdefault((one.kind, one.valid_from), one.card)
        if other != one.card:
            raise BadCard(
                f"{one.card} and {other} would both be the {one.kind} champion from "
                f"{one.valid_from} on: give another day"
            )


def _of_its_card(one: Decision, known: Mapping[str, tuple[str, date]]) -> None:
    if one.kind not in KINDS:
        raise BadCard(f"{one.kind!r} is no kind of card: there are {' and '.join(KINDS)}")
    if one.card not in known:
        raise BadCard(
            f"there is no card {one.card}, and it was decided about: restore its two files from a "
            "backup"
        )
    kind, as_of = known[one.card]
    if one.kind != kind:
        raise BadCard(f"{one.card} is a {kind} card and can be no {one.kind} {one.state}")
    if one.state == "champion" and one.valid_from < as_of:
        raise BadCard(
            f"{one.card} learned from what was known on {as_of}: on {one.valid_from} it could not "
            "have been in force; give that day or a later one"
        )
    if not one.decided_by.strip() or not one.reason.strip():
        raise BadCard(f"a decision about {one.card} needs who decided it, and a reason")


def in_force(decisions: Sequence[Decision], day: date) -> dict[str, str]:
    """Kind -> the champion on a day: the last one from before, unless it was retired since."""
    found: dict[str, str] = {}
    made = [one for one in decisions if one.valid_from <= day and one.state != "candidate"]
    # Of one day the later line counts.
    for one in sorted(made, key=lambda one: one.valid_from):
        if one.state == "champion":
            found[one.kind] = one.card
        elif found.get(one.kind) == one.card:
            del found[one.kind]
    return found
