"""Scores of rows by cards that did not learn from them: on its own rows a card flatters itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.credit.columns import Flags, Floats
from orchestration.credit.errors import BadSample
from orchestration.credit.folds import deal
from orchestration.credit.learn import learn
from orchestration.credit.policy import Policy
from orchestration.credit.score import total


def held_out_scores(
    frame: pd.DataFrame,
    bad: Flags,
    policy: Policy,
    customers: pd.Series | None,
    later: Flags | None = None,
) -> Floats:
    """Each row's score by the card of the other folds; nan where that card gives none."""
    fold = deal(frame, bad, customers, policy.features, policy.folds, policy.seed)
    scores = np.full(len(bad), np.nan)
    for one in range(policy.folds):
        out = fold == one
        try:
            since = None if later is None else later[~out]
            features = learn(frame[~out], bad[~out], policy, since).features
        except BadSample as why:
            raise BadSample(
                f"with one fold of {policy.folds} held out there is no card, so its PDs cannot be "
                f"tested: {why}"
            ) from why
        scores[out] = total(features, frame[out])
    return scores
