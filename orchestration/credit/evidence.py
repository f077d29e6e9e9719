"""Weights of evidence, and what a characteristic tells in all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.credit.columns import Floats


@dataclass(frozen=True)
class Evidence:
    """The sample's goods and bads, and how many rows of average odds are added to each bin.

    Without them a bin with no bads would weigh infinitely, and one of three rows would shout.
    """

    goods: int
    bads: int
    smoothing: float

    def weights(self, goods: Floats, bads: Floats) -> Floats:
        """ln of a bin's odds over the sample's, by counts of any shape; above 0 is better."""
        good = self.goods / (self.goods + self.bads)
        good_here = goods + self.smoothing * good
        bad_here = bads + self.smoothing * (1 - good)
        return np.asarray(np.log(good_here / bad_here) - np.log(self.goods / self.bads), np.float64)

    def weight(self, goods: int, bads: int) -> float:
        """Of one bin."""
        return float(self.weights(np.array([goods], float), np.array([bads], float))[0])

    def information(self, goods: Floats, bads: Floats) -> Floats:
        """What each bin adds to the information value; never below 0."""
        return (goods / self.goods - bads / self.bads) * self.weights(goods, bads)
