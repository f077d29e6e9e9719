"""From log odds to whole points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.credit.columns import Floats


@dataclass(frozen=True)
class Scale:
    """score = offset + factor * ln(odds of being good)."""

    factor: float
    offset: float

    @classmethod
    def of(cls, base_score: float, base_odds: float, points_to_double: float) -> Scale:
        """By the score at which odds are `base_odds`, and the points that double them."""
        factor = points_to_double / math.log(2)
        return cls(factor, base_score - factor * math.log(base_odds))

    def log_odds(self, score: Floats) -> Floats:
        """Of scores."""
        return (score - self.offset) / self.factor

    def points(
        self, intercept: float, weights: Sequence[float], evidence: Sequence[Floats]
    ) -> list[tuple[int, ...]]:
        """Per characteristic the points of its bins; halves are rounded away from nought.

        The score of average odds is rounded once and shared out in whole points, the first
        characteristics taking what does not divide: so a score is off by half a point per
        characteristic at most, and not at all where every bin is average.
        """
        total = int(_rounded(np.array(self.offset + self.factor * intercept)))
        share, rest = divmod(total, len(weights))
        return [
            tuple((_rounded(self.factor * weight * woe) + share + (at < rest)).astype(int).tolist())
            for at, (weight, woe) in enumerate(zip(weights, evidence, strict=True))
        ]


def _rounded(values: Floats) -> Floats:
    return np.asarray(np.sign(values) * np.floor(np.abs(values) + 0.5), np.float64)
