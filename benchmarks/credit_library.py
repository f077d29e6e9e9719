"""A card as the library that found its bins applies it: bins and coefficients are the card's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from optbinning import BinningProcess, Scorecard
from sklearn.base import BaseEstimator, ClassifierMixin

from orchestration.credit.card import Card, CardFeature
from orchestration.credit.columns import Flags, Floats


class Given(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A regression that has been made: fitting it changes nothing."""

    def __init__(self, intercept: float = 0.0, coefficients: tuple[float, ...] = ()) -> None:
        self.intercept = intercept
        self.coefficients = coefficients

    def fit(self, _: Any, bad: Any) -> Given:
        """Takes what it was given; the library's odds are of bad ones."""
        self.classes_ = np.unique(bad)
        self.coef_ = -np.array([self.coefficients])
        self.intercept_ = np.array([-self.intercept])
        return self

    def predict(self, _: Any) -> None:
        """The library asks for one and does not call it."""


class LibraryCard:
    """The same card as optbinning applies it, unrounded and rounded."""

    def __init__(self, card: Card, frame: pd.DataFrame, bad: Flags) -> None:
        self.names = [feature.name for feature in card.features]
        self._exact, self._whole = (
            _scorecard(card, rounding).fit(
                frame[self.names],
                bad.astype(int),
                metric_special="empirical",
                metric_missing="empirical",
            )
            for rounding in (False, True)
        )

    def score(self, frame: pd.DataFrame) -> Floats:
        """Unrounded scores."""
        found: Floats = self._exact.score(frame[self.names])
        return found

    def points(self, frame: pd.DataFrame) -> Floats:
        """Sums of whole points."""
        found: Floats = self._whole.score(frame[self.names])
        return found


def _scorecard(card: Card, rounding: bool) -> Any:
    scaling = card.policy.scaling
    process = BinningProcess(
        variable_names=[feature.name for feature in card.features],
        categorical_variables=[one.name for one in card.features if one.kind == "categorical"],
        binning_fit_params={feature.name: _fixed(feature) for feature in card.features},
        min_prebin_size=1e-9,
    )
    return Scorecard(
        process,
        Given(card.intercept, tuple(feature.coefficient for feature in card.features)),
        scaling_method="pdo_odds",
        # What it calls odds stand for bad to good where ours stand for good to bad.
        scaling_method_params={
            "pdo": scaling.points_to_double,
            "odds": scaling.base_odds,
            "scorecard_points": scaling.base_score,
        },
        rounding=rounding,
    )


def _fixed(feature: CardFeature) -> dict[str, Any]:
    """The feature's bins as splits that the library may not move."""
    regular = [row for row in feature.rows if row.sort in ("range", "codes")]
    special = {row.label: list(row.values) for row in feature.rows if row.sort == "special"}
    splits: Any
    if feature.kind == "numeric":
        splits = [row.upper for row in regular[:-1]]
    else:
        splits = np.empty(len(regular), dtype=object)
        splits[:] = [np.array(row.values, dtype=object) for row in regular]
    return {
        "user_splits": splits,
        "user_splits_fixed": [True] * len(splits),
        "monotonic_trend": None,
        "special_codes": special or None,
    }
