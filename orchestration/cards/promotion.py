"""What a card must show before it may decide: bounds of the policy on the rows that tested it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np

from orchestration.cards.decisions import Decision, in_force
from orchestration.cards.development import Bounds
from orchestration.cards.registry import Registry, decide, read_registry
from orchestration.credit.calibration import PD_DIGITS
from orchestration.credit.card import Card, Sample
from orchestration.credit.errors import BadCard
from orchestration.credit.master_scale import grade_of
from orchestration.credit.measures import brier_of_rate
from orchestration.credit.validation.calibration import hosmer_lemeshow

_DIGITS = 6
# A PD is kept to so much, and one of nought could not be tested.
_LEAST_PD = 10.0**-PD_DIGITS


@dataclass(frozen=True)
class Finding:
    """A measure beside its bounds; none where that side is open."""

    name: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the measure is within."""
        return (self.least is None or self.value >= self.least) and (
            self.most is None or self.value <= self.most
        )

    def told(self) -> str:
        """What is wrong, in words."""
        if self.least is not None and self.value < self.least:
            return f"{self.name} is {self.value:g}, and the policy asks for {self.least:g} or more"
        return f"{self.name} is {self.value:g}, and the policy allows {self.most:g} at most"


@dataclass(frozen=True)
class GradeCount:
    """A class on the rows of a sample. `pd`: the mean of what was promised of them."""

    grade: str
    goods: int
    bads: int
    pd: float

    @property
    def rows(self) -> int:
        """Good and bad ones."""
        return self.goods + self.bads

    @property
    def bad_rate(self) -> float:
        """Share of bad ones."""
        return self.bads / self.rows


def by_grade(card: Card, sample: Sample) -> list[GradeCount]:
    """Counts per class, best first, of those that somebody is in."""
    scores, goods, bads = np.array(sample.counts, np.int64).T
    rows = goods + bads
    promised = card.curve.pd(scores) * rows
    grades = np.array([grade_of(card.steps, score) for score in scores.tolist()])
    found = []
    for step in card.steps:
        of = grades == step.grade
        if of.any():
            pd = float(promised[of].sum() / rows[of].sum())
            found.append(GradeCount(step.grade, int(goods[of].sum()), int(bads[of].sum()), pd))
    return found


def evidence(card: Card, bounds: Bounds) -> list[Finding]:
    """What later rows say of a card, beside what the policy asks.

    Hosmer and Lemeshow's test has no bound: of many rows it finds fault with any PD.
    """
    sample, drift = card.tested, card.drift
    if sample is None or drift is None:
        raise BadCard(f"{card.version} was tested on no later rows: fit it from the warehouse")
    grades = by_grade(card, sample)
    inversions = sum(worse.bad_rate < better.bad_rate for better, worse in pairwise(grades))
    rate = sample.bads / sample.rows
    features = max(drift.features.values(), default=0.0)
    unscored = sample.unscored / (sample.rows + sample.unscored)
    return [
        Finding("tested rows", sample.rows, least=bounds.least_rows),
        Finding("tested bad rows", sample.bads, least=bounds.least_bads),
        Finding("AUC, lower end", _short(sample.auc_lower), least=bounds.least_auc),
        Finding(
            "expected to bad",
            _short(sample.mean_pd / rate),
            bounds.least_expected_to_bad,
            bounds.most_expected_to_bad,
        ),
        Finding(
            "Brier", _short(sample.brier), most=_short(brier_of_rate(rate))
        ),
        Finding("drift of grades (PSI)", _short(drift.grades), most=bounds.most_grade_drift),
        Finding("drift of a feature (CSI)", _short(features), most=bounds.most_feature_drift),
        Finding("grades out of order", inversions, most=bounds.most_inversions),
        Finding("share without score", _short(unscored), most=bounds.most_unscored_share),
        Finding("Hosmer-Lemeshow, p", _hosmer_lemeshow(grades)),
    ]  # fmt: skip


def promote(
    folder: Path,
    card: Card,
    bounds: Bounds,
    valid_from: date,
    decided_on: date,
    decided_by: str,
    reason: str,
    despite: str | None = None,
) -> Registry:
    """Makes a card the champion of its kind from a day on, if the evidence holds.

    `despite`: why it may decide although something does not hold; kept with what that was.
    """
    assert card.origin is not None
    findings = evidence(card, bounds)
    failing = [one.told() for one in findings if not one.holds]
    if failing and not (despite and despite.strip()):
        raise BadCard(
            f"{card.version} is not promoted: {'; '.join(failing)}. Fit another one, or say "
            "--despite why it may decide all the same"
        )
    known = {one.name: one.value for one in findings}
    beside = {"failing": failing, "despite": despite} if failing else {}
    decision = Decision(
        kind=card.origin.kind,
        card=card.version,
        state="champion",
        valid_from=valid_from,
        decided_on=decided_on,
        decided_by=decided_by,
        reason=reason,
        evidence=json.dumps(known | beside, ensure_ascii=False),
    )
    return decide(folder, decision)


def keep_candidate(
    folder: Path, card: Card, decided_on: date, decided_by: str, reason: str
) -> Registry:
    """Writes down that a card is there to be decided about, from the day that its data were known.

    A card that is there already, from equal rows and terms, is no second candidate.
    """
    assert card.origin is not None
    registry = read_registry(folder)
    if any(one.card == card.version for one in registry.decisions):
        return registry
    return decide(
        folder,
        Decision(
            kind=card.origin.kind,
            card=card.version,
            state="candidate",
            valid_from=card.origin.as_of,
            decided_on=decided_on,
            decided_by=decided_by,
            reason=reason,
        ),
    )


def retire(
    folder: Path, card: Card, valid_from: date, decided_on: date, decided_by: str, reason: str
) -> Registry:
    """Ends a champion: from the day on its kind has none, until another is promoted."""
    assert card.origin is not None
    now = in_force(read_registry(folder).decisions, valid_from).get(card.origin.kind)
    if now != card.version:
        raise BadCard(
            f"{card.version} is not in force on {valid_from}: {now or 'no card'} is, and only a "
            "champion is retired"
        )
    return decide(
        folder,
        Decision(
            kind=card.origin.kind,
            card=card.version,
            state="retired",
            valid_from=valid_from,
            decided_on=decided_on,
            decided_by=decided_by,
            reason=reason,
        ),
    )


def _hosmer_lemeshow(grades: Sequence[GradeCount]) -> float:
    rows = np.array([one.rows for one in grades], np.int64)
    bads = np.array([one.bads for one in grades], np.int64)
    pd = np.clip([one.pd for one in grades], _LEAST_PD, 1 - _LEAST_PD)
    found = hosmer_lemeshow(rows, bads, np.asarray(pd, np.float64)).p_value
    assert found is not None
    return _short(found)


def _short(value: float) -> float:
    return round(value, _DIGITS)
