"""What a card's features learn from rows: bins, evidence, what is kept, coefficients, points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.credit.binning import NoBins, find_bins
from orchestration.credit.card import CardFeature
from orchestration.credit.columns import Flags, Integers, Values, read_values
from orchestration.credit.errors import BadSample
from orchestration.credit.features import Cut, card_features, rounded
from orchestration.credit.logistic import regress
from orchestration.credit.measures import psi
from orchestration.credit.policy import Feature, Policy
from orchestration.credit.scaling import points
from orchestration.credit.screening import KEPT, screen
from orchestration.credit.weights import weigh

_AGAINST = "sign: beside the others it would count against its own evidence"


@dataclass(frozen=True)
class Learned:
    """Features of a card; of every candidate its verdict, and its information value if it has one.

    `scores`: of the rows learned from, each of which fell into a bin with points.
    """

    intercept: float
    features: tuple[CardFeature, ...]
    values: dict[str, float]
    verdicts: dict[str, str]
    scores: Integers


def learn(frame: pd.DataFrame, bad: Flags, policy: Policy, later: Flags | None = None) -> Learned:
    """Every step from values to points, each learning from these rows only.

    `later`: rows of the later half of the months, where there are two.
    """
    cuts, verdicts = _cut(frame, bad, policy)
    values = {name: cut.weights.information_value for name, cut in cuts.items()}
    verdicts |= _moving(cuts, later, policy.screening.max_drift)
    staying = {name: cut for name, cut in cuts.items() if name not in verdicts}
    verdicts |= screen(
        {name: cut.evidence for name, cut in staying.items()},
        {name: values[name] for name in staying},
        policy.screening,
    )
    kept = {name: cut for name, cut in cuts.items() if verdicts[name] == KEPT}
    _some(kept, verdicts)
    found = regress(np.column_stack([cut.evidence for cut in kept.values()]), bad, policy.ridge)
    features = card_features(kept, found, points(policy.scaling), policy.unseen)
    verdicts |= {name: _AGAINST for name in set(kept) - {one.name for one in features}}
    _some(features, verdicts)
    return Learned(
        intercept=rounded(found.intercept),
        features=features,
        values={name: rounded(value) for name, value in values.items()},
        verdicts=verdicts,
        scores=_scores(features, cuts, len(bad)),
    )


def _some(left: Sequence[object] | dict[str, Cut], verdicts: dict[str, str]) -> None:
    if not left:
        told = "; ".join(f"{name}: {verdict}" for name, verdict in verdicts.items())
        raise BadSample(f"no feature is left for a card ({told})")


def _cut(frame: pd.DataFrame, bad: Flags, policy: Policy) -> tuple[dict[str, Cut], dict[str, str]]:
    """Every feature in bins, and why those without any have none."""
    cuts, verdicts = {}, {}
    for feature in policy.features:
        values = read_values(frame, feature.name, feature.kind)
        _finite(feature, values)
        try:
            bins = find_bins(feature, values, bad, policy.binning)
        except NoBins as why:
            verdicts[feature.name] = str(why)
            continue
        assigned = bins.assign(values)
        weights = weigh(assigned, len(bins.bins), bad, policy.binning)
        cuts[feature.name] = Cut(bins, assigned, weights)
    return cuts, verdicts


def _moving(cuts: dict[str, Cut], later: Flags | None, most: float | None) -> dict[str, str]:
    """Those whose bins fill differently in the later months than in the earlier ones."""
    if later is None or most is None or later.all() or not later.any():
        return {}
    found = {}
    for name, cut in cuts.items():
        earlier, since = (
            np.bincount(cut.assigned[rows], minlength=len(cut.bins.bins))
            for rows in (~later, later)
        )
        drift = psi(earlier, since)
        if drift > most:
            found[name] = f"drift {drift:.2f} from the earlier to the later months"
    return found


def _finite(feature: Feature, values: Values) -> None:
    if values.kind == "numeric" and not np.isfinite(values.distinct.astype(np.float64)).all():
        raise BadSample(f"feature {feature.name}: infinite values; a card cannot learn from them")


def _scores(features: tuple[CardFeature, ...], cuts: dict[str, Cut], rows: int) -> Integers:
    scores = np.zeros(rows, np.int64)
    for feature in features:
        given = np.array([row.points or 0 for row in feature.rows], np.int64)
        scores += given[cuts[feature.name].assigned]
    return scores
