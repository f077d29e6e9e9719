"""How a card does on rows with known outcomes, and how far rows have moved since it was learned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from orchestration.credit.calibration import Curve
from orchestration.credit.card import Card, CardFeature, Drift, Sample
from orchestration.credit.columns import Flags, Integers, read_values
from orchestration.credit.cutoffs import cut_offs
from orchestration.credit.errors import BadSample
from orchestration.credit.features import rounded
from orchestration.credit.master_scale import Step
from orchestration.credit.measures import auc, brier, ks, psi
from orchestration.credit.score import apply

Window = tuple[date | None, date | None]
# Of intervals that stand in a card.
LEVEL = 0.95


def sample(
    scores: Integers,
    bad: Flags,
    window: Window,
    curve: Curve,
    steps: Sequence[Step],
    unscored: int = 0,
) -> Sample:
    """Measures of scored rows; those without a score are counted beside them."""
    chances = curve.pd(scores)
    risk = np.asarray(-scores, np.float64)
    area = auc(risk, bad)
    lower, upper = area.interval(LEVEL)
    return Sample(
        start=window[0],
        end=window[1],
        rows=len(bad),
        bads=int(bad.sum()),
        unscored=unscored,
        auc=rounded(area.value),
        auc_lower=rounded(lower),
        auc_upper=rounded(upper),
        gini=rounded(area.gini),
        ks=rounded(ks(risk, bad)),
        brier=rounded(brier(chances, bad)),
        mean_pd=rounded(float(chances.mean())),
        cut_offs=cut_offs(
            scores, bad, [step.from_score for step in steps if step.from_score is not None]
        ),
        counts=counts(scores, bad),
    )


def counts(scores: Integers, bad: Flags) -> tuple[tuple[int, int, int], ...]:
    """Good and bad rows of every score that somebody has, lowest first."""
    distinct, place = np.unique(scores, return_inverse=True)
    goods = np.bincount(place[~bad], minlength=len(distinct))
    bads = np.bincount(place[bad], minlength=len(distinct))
    return tuple(zip(distinct.tolist(), goods.tolist(), bads.tolist(), strict=True))


def tested(card: Card, frame: pd.DataFrame, bad: Flags, window: Window) -> Sample:
    """How a card does on rows that it was not learned from."""
    scored = apply(card, frame)
    has = scored["score"].notna().to_numpy(np.bool_)
    outcome = bad[has]
    if not (outcome.any() and (~outcome).any()):
        raise BadSample(
            "the rows that test the card are all good, all bad, or have no score: test it on more"
        )
    return sample(
        np.array(scored["score"][has], np.int64),
        outcome,
        window,
        card.curve,
        card.steps,
        int((~has).sum()),
    )


def drift(card: Card, before: pd.DataFrame, after: pd.DataFrame) -> Drift:
    """Stability of grades (PSI) and of every feature's bins (CSI) between two sets of rows."""
    grades = [step.grade for step in card.steps]
    counts = [_per_grade(card, frame, grades) for frame in (before, after)]
    features = {
        feature.name: rounded(psi(_per_bin(feature, before), _per_bin(feature, after)))
        for feature in card.features
    }
    return Drift(grades=rounded(psi(counts[0], counts[1])), features=features)


def _per_grade(card: Card, frame: pd.DataFrame, grades: list[str]) -> Integers:
    found = apply(card, frame)["grade"].value_counts().reindex(grades, fill_value=0)
    return np.array(found, np.int64)


def _per_bin(feature: CardFeature, frame: pd.DataFrame) -> Integers:
    assigned = feature.bins.assign(read_values(frame, feature.name, feature.kind))
    return np.bincount(assigned, minlength=len(feature.rows)).astype(np.int64)
