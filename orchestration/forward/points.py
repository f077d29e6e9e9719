"""What a fit says of customers: a row per point, which SQL joins to everybody who is there.

A point is a state, a tenure in months, or all customers. What it says is an amount, or, per margin,
a factor of what the customer brings in a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from orchestration.value.histories import Floats

# Customers at a point that a fit has not seen are told what everybody is.
UNSEEN = "unseen"
ALL = "all"


@dataclass(frozen=True)
class Told:
    """Of each of n points: what is expected, how unsure the fit is, how customers scatter."""

    expected: Floats
    error: Floats
    deviation: Floats


@dataclass(frozen=True)
class Points:
    """n points over the horizon, discounted, and over the months of a test."""

    names: tuple[str, ...]
    is_per_margin: bool
    ahead: Told
    near: Told

    def level(self, customers: Mapping[str, int]) -> tuple[float, float] | None:
        """Average over customers at points, and its error; None where nobody stands at one."""
        place = {name: number for number, name in enumerate(self.names)}
        known = [(place[name], count) for name, count in customers.items() if name in place]
        if not known:
            return None
        rows, counts = (np.array(column) for column in zip(*known, strict=True))
        weights = counts / counts.sum()
        return (
            float(weights @ self.ahead.expected[rows]),
            float(weights @ self.ahead.error[rows]),
        )
