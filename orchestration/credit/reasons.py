"""Why a score is not higher: the features on which most points were lost against the best bin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orchestration.credit.card import CardFeature
from orchestration.credit.columns import Integers


def reasons(features: Sequence[CardFeature], points: pd.DataFrame, most: int) -> pd.DataFrame:
    """Columns `reason_1` ... of names, the most points lost first; none where nothing is lost.

    `points`: a column per feature; a row with unknown points has no score, and so no reasons.
    Of equal losses the feature first in the card goes first.
    """
    names = np.array([*(feature.name for feature in features), None], dtype=object)
    known = points.notna().all(axis=1).to_numpy(np.bool_)
    best = np.array([feature.best for feature in features])
    lost: Integers = best - points.fillna(0).to_numpy(np.int64)
    order = np.argsort(-lost, axis=1, kind="stable")
    ranked = np.take_along_axis(lost, order, axis=1)
    found = names[np.where((ranked > 0) & known[:, None], order, -1)]
    columns = {
        f"reason_{at + 1}": found[:, at] if at < len(features) else None for at in range(most)
    }
    return pd.DataFrame(columns, index=points.index, dtype=object)
