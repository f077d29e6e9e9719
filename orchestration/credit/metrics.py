"""How well scores rank and how well probabilities hold, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from orchestration.credit.errors import DataRefused
from orchestration.credit.values import Flags, Floats, Ints

# Of a population's share in a bin that is empty in the other: PSI has no value at nought.
_EMPTY = 1e-4


@dataclass(frozen=True)
class Area:
    """Area under the curve of good ones against bad ones, with DeLong's interval."""

    value: float
    lower: float
    upper: float

    @property
    def gini(self) -> float:
        """Accuracy ratio: 0 is chance, 1 is perfect."""
        return 2 * self.value - 1


def _parted(scores: Ints | Floats, bad: Flags) -> tuple[Floats, Floats]:
    values = np.asarray(scores, np.float64)
    if not (bad.any() and (~bad).any()):
        raise DataRefused("all rows are good, or all are bad: nothing can be ranked")
    return values[~bad], values[bad]


def auc(scores: Ints | Floats, bad: Flags, level: float = 0.95) -> Area:
    """The chance that a good one has the higher score than a bad one, ties counted as half.

    DeLong, DeLong and Clarke-Pearson (1988), by midranks as Sun and Xu (2014).
    """
    good, worse = _parted(scores, bad)
    m, n = len(good), len(worse)
    ranks = rankdata(np.concatenate([good, worse]))
    above = (ranks[:m] - rankdata(good)) / n
    below = 1 - (ranks[m:] - rankdata(worse)) / m
    value = float(above.mean())
    variance = (above.var(ddof=1) / m if m > 1 else 0) + (below.var(ddof=1) / n if n > 1 else 0)
    reach = float(ndtri((1 + level) / 2) * np.sqrt(variance))
    return Area(value, max(0.0, value - reach), min(1.0, value + reach))


def ks(scores: Ints | Floats, bad: Flags) -> float:
    """The widest gap between the shares of good and of bad ones up to a score."""
    good, worse = _parted(scores, bad)
    at = np.unique(np.concatenate([good, worse]))
    shares = [np.searchsorted(np.sort(of), at, "right") / len(of) for of in (good, worse)]
    return float(np.abs(shares[0] - shares[1]).max())


def brier(pd: Floats, bad: Flags) -> float:
    """Mean squared difference between probability and outcome."""
    return float(((pd - bad) ** 2).mean())


def psi(before: Ints, after: Ints) -> float:
    """Population stability index of two counts over the same bins: 0 where shares are equal.

    Over a score's classes it is the PSI, over a feature's bins the characteristic's (CSI).
    """
    if not (before.sum() and after.sum()):
        raise DataRefused("a population is empty: its stability cannot be told")
    shares = [np.maximum(count / count.sum(), _EMPTY) for count in (before, after)]
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
