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


def calibrate(scores: Integers, bad: Flags, long_run_rate: float | None) -> Curve:
    """The likeliest curve of these rows, moved so that PDs average to the long-run rate, if any.

    The rounded score is what is calibrated: rounding errors of points are part of it.
    """
    middle = float(np.round(scores.mean()))
    spread = float(scores.std())
    if not spread:
        raise BadSample("every row has the same score: there is nothing to calibrate")
    standard = np.asarray((scores - middle) / spread, np.float64)[:, None]
    found = regress(standard, bad, ridge=0.0)
    slope = float(found.coefficients[0]) / spread
    if slope <= 0:
        raise BadSample("the score does not tell good from bad: PDs would not fall with it")
    intercept = found.intercept - slope * middle
    if long_run_rate is not None:
        logits = np.asarray(intercept + slope * scores, np.float64)
        intercept += _shift(logits, long_run_rate)
    return Curve(round(intercept, _DIGITS), round(slope, _DIGITS))


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
