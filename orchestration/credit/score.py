"""A card applied in Python: the plain reference for the SQL that applies it to a bank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orchestration.credit.card import Card, CardFeature
from orchestration.credit.columns import Floats, Integers, read_values
from orchestration.credit.master_scale import grade_of
from orchestration.credit.reasons import reasons


def apply(card: Card, frame: pd.DataFrame) -> pd.DataFrame:
    """Per row of the frame: `score`, `pd`, `grade`, reasons, `unseen`, `exact_score`, points.

    A row's result depends on the card and the row alone. `unseen` names the features whose value
    fitting never saw; `exact_score` is the sum of unrounded points.
    """
    bins = {
        feature.name: feature.bins.assign(read_values(frame, feature.name, feature.kind))
        for feature in card.features
    }
    points, exact, unseen = {}, np.zeros(len(frame)), np.full(len(frame), "", dtype=object)
    for feature in card.features:
        of = bins[feature.name]
        points[feature.name] = pd.array([row.points for row in feature.rows], "Int64")[of]
        exact = exact + _exact(feature)[of]
        flagged = np.array([row.basis == "unseen" for row in feature.rows])[of]
        unseen = unseen + np.where(flagged, f", {feature.name}", "").astype(object)
    table = pd.DataFrame(points, index=frame.index)
    score = table.sum(axis=1, skipna=False).astype("Int64")
    has = score.notna().to_numpy(np.bool_)
    chance = np.full(len(frame), np.nan)
    whole: Integers = np.array(score[has], np.int64)
    chance[has] = card.curve.pd(whole)
    grades = np.full(len(frame), None, dtype=object)
    grades[has] = [grade_of(card.steps, one) for one in whole.tolist()]
    return pd.DataFrame(
        {
            "score": score,
            "pd": chance,
            "grade": pd.Series(grades, frame.index, dtype=object),
            "unseen": pd.Series([text[2:] or None for text in unseen], frame.index, dtype=object),
            "exact_score": exact,
        }
    ).join([reasons(card.features, table, card.policy.reasons), table.add_prefix("points_")])


def total(features: Sequence[CardFeature], frame: pd.DataFrame) -> Floats:
    """Scores alone, shape (n,); nan for rows with a value that has no points."""
    scores = np.zeros(len(frame))
    for feature in features:
        given = np.array([np.nan if row.points is None else row.points for row in feature.rows])
        scores += given[feature.bins.assign(read_values(frame, feature.name, feature.kind))]
    return scores


def _exact(feature: CardFeature) -> Floats:
    return np.array([np.nan if row.exact is None else row.exact for row in feature.rows])
