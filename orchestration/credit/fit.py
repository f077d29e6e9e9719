"""A card from data and a policy: every step in order, each learning from the same rows only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orchestration.credit.assess import Window, drift, sample, tested
from orchestration.credit.binning import NoBins, find_bins
from orchestration.credit.calibration import calibrate
from orchestration.credit.card import Candidate, Card, CardFeature, reach
from orchestration.credit.columns import Flags, Integers, Values, read_values
from orchestration.credit.errors import BadSample
from orchestration.credit.features import Cut, card_features, rounded
from orchestration.credit.logistic import regress
from orchestration.credit.master_scale import scale
from orchestration.credit.policy import Feature, Policy
from orchestration.credit.scaling import points
from orchestration.credit.screening import KEPT, screen
from orchestration.credit.split import Windows
from orchestration.credit.weights import weigh

_AGAINST = "sign: beside the others it would count against its own evidence"


def fit_by_time(
    frame: pd.DataFrame, bad: pd.Series, days: pd.Series, windows: Windows, policy: Policy
) -> Card:
    """A card learned from the rows before the split and tested on those from it on."""
    before, after = windows.parts(days)
    card = _learn(frame[before], _outcomes(bad[before]), policy, (windows.start, windows.split))
    window = (windows.split, windows.end)
    return card.model_copy(
        update={
            "tested": tested(card, frame[after], _outcomes(bad[after]), window),
            "drift": drift(card, frame[before], frame[after]),
        }
    )


def fit(frame: pd.DataFrame, bad: pd.Series, policy: Policy) -> Card:
    """A card learned from all rows, which nothing has tested."""
    return _learn(frame, _outcomes(bad), policy, (None, None))


def _outcomes(bad: pd.Series) -> Flags:
    if bad.isna().any():
        raise BadSample(f"{int(bad.isna().sum())} rows have no outcome: leave them out")
    if not bad.isin([0, 1]).all():
        raise BadSample("outcomes are true (bad) or false (good)")
    return bad.to_numpy(np.bool_)


def _learn(frame: pd.DataFrame, bad: Flags, policy: Policy, window: Window) -> Card:
    _enough(bad, policy)
    cuts, verdicts = _cut(frame, bad, policy)
    values = {name: cut.weights.information_value for name, cut in cuts.items()}
    verdicts |= screen({name: cut.evidence for name, cut in cuts.items()}, values, policy.screening)
    kept = {name: cut for name, cut in cuts.items() if verdicts[name] == KEPT}
    _some(kept, verdicts)
    found = regress(np.column_stack([cut.evidence for cut in kept.values()]), bad, policy.ridge)
    scaling = points(policy.scaling)
    features = card_features(kept, found, scaling, policy.unseen)
    verdicts |= {name: _AGAINST for name in set(kept) - {one.name for one in features}}
    _some(features, verdicts)
    scores = _scores(features, cuts, len(bad))
    curve = calibrate(scores, bad, policy.long_run_rate)
    steps = scale(curve, policy.grades, *reach(features))
    return Card(
        format=1,
        policy=policy,
        candidates=tuple(
            Candidate(
                name=one.name,
                information_value=rounded(values[one.name]) if one.name in values else None,
                verdict=verdicts[one.name],
            )
            for one in policy.features
        ),
        intercept=rounded(found.intercept),
        factor=scaling.factor,
        offset=scaling.offset,
        features=features,
        curve=curve,
        steps=steps,
        learned=sample(scores, bad, window, curve, steps),
        tested=None,
        drift=None,
    )


def _enough(bad: Flags, policy: Policy) -> None:
    """Refuses samples from which nothing can be learned, one class only among them."""
    have = {"rows": len(bad), "good rows": int((~bad).sum()), "bad rows": int(bad.sum())}
    least = (policy.min_rows, policy.min_goods, policy.min_bads)
    for (what, count), needed in zip(have.items(), least, strict=True):
        if count < needed:
            raise BadSample(f"{count} {what} to learn from; the policy asks for {needed}")


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


def _finite(feature: Feature, values: Values) -> None:
    if values.kind == "numeric" and not np.isfinite(values.distinct.astype(np.float64)).all():
        raise BadSample(f"feature {feature.name}: infinite values; a card cannot learn from them")


def _scores(features: tuple[CardFeature, ...], cuts: dict[str, Cut], rows: int) -> Integers:
    """Scores of the rows learned from: each of them fell into a bin with points."""
    scores = np.zeros(rows, np.int64)
    for feature in features:
        given = np.array([row.points or 0 for row in feature.rows], np.int64)
        scores += given[cuts[feature.name].assigned]
    return scores
