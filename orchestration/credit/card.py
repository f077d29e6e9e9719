"""The fitted card: a table that people read, and an artefact that says what it was learned from."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.credit.bins import Basis, Bin, Bins, Sort
from orchestration.credit.calibration import Curve
from orchestration.credit.columns import Kind
from orchestration.credit.errors import BadCard
from orchestration.credit.master_scale import Step
from orchestration.credit.policy import Policy, said

# Of the artefact's shape: a reader of another one refuses it.
FORMAT = 1
_DIGEST_LENGTH = 12


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Row(_Frozen):
    """A bin of a feature, what was learned in it, and its points: none where no score is given."""

    sort: Sort
    label: str
    lower: float | None
    upper: float | None
    values: tuple[float | str, ...]
    goods: int
    bads: int
    evidence: float
    basis: Basis
    exact: float | None
    points: int | None


class CardFeature(_Frozen):
    """A feature of the card: its bins in order and its place in the regression."""

    name: str
    kind: Kind
    information_value: float
    coefficient: float
    error: float
    rows: tuple[Row, ...]

    @cached_property
    def bins(self) -> Bins:
        """The bins that values are assigned to."""
        return Bins(
            self.name,
            self.kind,
            tuple(Bin(row.sort, row.label, row.lower, row.upper, row.values) for row in self.rows),
        )

    @cached_property
    def best(self) -> int:
        """Points of the best bin that somebody was seen in: losses are counted from it."""
        return max(row.points for row in self.seen if row.points is not None)

    @cached_property
    def seen(self) -> tuple[Row, ...]:
        """Bins with rows of their own."""
        return tuple(row for row in self.rows if row.basis != "unseen")


class Candidate(_Frozen):
    """A feature of the policy and what became of it."""

    name: str
    information_value: float | None
    verdict: str


class CutOff(_Frozen):
    """What accepting scores from here on would do: shares of all, of the good and of the bad.

    `bad_rate` is of those accepted; there is none where nobody is.
    """

    score: int
    accepted: float
    bad_rate: float | None
    goods_lost: float
    bads_kept_out: float


class Sample(_Frozen):
    """Rows that the card was learned from, or tested on, and how it does on them.

    `start` and `end`: the half-open window; none where rows have no days.
    """

    start: date | None
    end: date | None
    rows: int
    bads: int
    # Rows beside these that got no score: a value was never seen before.
    unscored: int
    auc: float
    auc_lower: float
    auc_upper: float
    gini: float
    ks: float
    brier: float
    mean_pd: float
    # At the lowest score of every class, best first.
    cut_offs: tuple[CutOff, ...]
    # Scores that somebody has, lowest first: score, good rows, bad rows.
    counts: tuple[tuple[int, int, int], ...]


class Drift(_Frozen):
    """How far the tested rows have moved from those learned from: PSI of grades, CSI of bins."""

    grades: float
    features: dict[str, float]


class Origin(_Frozen):
    """Where the rows come from: a kind of card, and the day on which all of them were known.

    `goods` and so on: months of borrowers that were there, before any were drawn; `share`: of
    customers drawn; `months_apart`: so far apart are the months of a borrower that teach.
    """

    kind: str
    as_of: date
    goods: int
    bads: int
    indeterminate: int
    excluded: int
    share: float
    customers: int
    # None of cards from before it was written down.
    months_apart: int | None = None


class Card(_Frozen):
    """All there is to know about a scorecard; equal data and policy give an equal card."""

    format: Literal[1]
    policy: Policy
    candidates: tuple[Candidate, ...]
    intercept: float
    factor: float
    offset: float
    features: tuple[CardFeature, ...]
    curve: Curve
    steps: tuple[Step, ...]
    learned: Sample
    # The rows learned from, each by a card of the other folds: what PDs were calibrated on.
    held_out: Sample
    tested: Sample | None
    drift: Drift | None
    # None where somebody else than a warehouse gave the rows.
    origin: Origin | None = None

    @cached_property
    def sha256(self) -> str:
        """Digest of everything that the artefact says."""
        return hashlib.sha256(_canonical(self.content()).encode()).hexdigest()

    def content(self) -> dict[str, Any]:
        """What is said of a card, and no default of terms that came after it was written."""
        return self.model_dump(mode="json", exclude_unset=True)

    @property
    def version(self) -> str:
        """Kind, the policy's version and the digest's beginning: what a scored row names."""
        kind = f"{self.origin.kind}-" if self.origin else ""
        return f"{kind}{self.policy.version}-{self.sha256[:_DIGEST_LENGTH]}"

    def table(self) -> pd.DataFrame:
        """One row per feature and bin, for people."""
        return pd.DataFrame(
            [
                {
                    "feature": feature.name,
                    "bin": at,
                    "values": row.label,
                    "goods": row.goods,
                    "bads": row.bads,
                    "bad_rate": row.bads / (row.goods + row.bads) if row.goods + row.bads else None,
                    "evidence": row.evidence,
                    "rests_on": row.basis,
                    "points": row.points,
                }
                for feature in self.features
                for at, row in enumerate(feature.rows)
            ]
        ).astype({"points": "Int64"})


def reach(features: Sequence[CardFeature]) -> tuple[int, int]:
    """Lowest and highest score that these features can add up to."""
    points = [[row.points for row in one.rows if row.points is not None] for one in features]
    return sum(min(one) for one in points), sum(max(one) for one in points)


def _canonical(content: object) -> str:
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def artefact(card: Card) -> str:
    """What is written of a card: all that it says, and the digest of that."""
    content = {"sha256": card.sha256, "card": card.content()}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_card(card: Card, folder: Path) -> Path:
    """Writes artefact and table, named by the version; returns the artefact's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{card.version}.json"
    write_whole(path.with_suffix(".csv"), table_text(card))
    write_whole(path, artefact(card))
    return path


def table_text(card: Card) -> str:
    """The table as CSV."""
    return str(card.table().to_csv(index=False, lineterminator="\n"))


def write_whole(path: Path, text: str) -> None:
    """A file that is there with all of its text, or as it was: also where the machine stops."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_card(path: Path) -> Card:
    """The card in an artefact, refused unless it is what was written."""
    try:
        content = json.loads(path.read_text("utf-8"))
        card = Card.model_validate_json(_canonical(content["card"]))
    except ValidationError as error:
        raise BadCard(f"{path}: not a card of format {FORMAT}: {said(error)}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadCard(f"{path}: not a card's artefact: {error}") from error
    if content.get("sha256") != card.sha256:
        raise BadCard(f"{path}: changed since it was written: its digest is {card.sha256}")
    return card
