"""From a score to a probability of default: a curve that falls with the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.credit.columns import Flags, Floats, Integers
from orchestration.credit.errors import BadSample
from orchestration.credit.logistic import regress

# Parameters as they stand in a card: what SQL reads is what Python has.
_DIGITS = 12
# PDs are kept to a millionth: engines differ in the last bits of exp.
PD_DIGITS = 6
_UNIT = 10.0**PD_DIGITS
_BISECTIONS = 200


@dataclass(frozen=True)
class Curve:
    """PD = 1 / (1 + exp(intercept + slope * score)), rounded to a millionth."""

    intercept: float
    slope: float

    def pd(self, scores: Integers | Floats) -> Floats:
        """PDs of scores; shape as given."""
        exact = 1 / (1 + np.exp(self.intercept + self.slope * np.asarray(scores, np.float64)))
        rounded: Floats = np.floor(exact * _UNIT + 0.5) / _UNIT
        return rounded

    def moved(self, scores: Integers, rate: float) -> Curve:
        """The curve by which PDs of these scores average to a rate."""
        logits = np.asarray(self.intercept + self.slope * scores, np.float64)
        return Curve(round(self.intercept + _shift(logits, rate), _DIGITS), self.slope)


def calibrate(scores: Integers, bad: Flags) -> Curve:
    """The likeliest curve of these rows, of which no card with these scores should have learned.

    The rounded score is what is calibrated: rounding errors of points are part of it.
    """
    middle = float(np.round(scores.mean())) if len(scores) else 0.0
    spread = float(scores.std()) if len(scores) else 0.0
    if not spread:
        raise BadSample("every row has the same score: there is nothing to calibrate")
    standard = np.asarray((scores - middle) / spread, np.float64)[:, None]
    found = regress(standard, bad, ridge=0.0)
    slope = float(found.coefficients[0]) / spread
    if slope <= 0:
        raise BadSample(
            "on rows held out the score does not tell good from bad: there is nothing to learn "
            "from these features, or there are too few rows"
        )
    return Curve(round(found.intercept - slope * middle, _DIGITS), round(slope, _DIGITS))


def _shift(logits: Floats, rate: float) -> float:
    """What to add to ln(good : bad) so that PDs average to the rate."""
    low, high = -50.0, 50.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if (1 / (1 + np.exp(logits + middle))).mean() > rate:
            low = middle
        else:
            high = middle
    return (low + high) / 2
