"""How well a card tells good from bad, and whether the people it sees have changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm, rankdata

from orchestration.credit.columns import Flags, Floats, Integers
from orchestration.credit.errors import BadSample

# With fewer rows of a class DeLong's error is itself a guess, and mostly too small: at five,
# intervals of 95% hold the AUC 81 to 89 times of a hundred.
FEW = 10
# Half a row, where a share of nought would make the index infinite.
_EMPTY = 0.5


@dataclass(frozen=True)
class Auc:
    """The chance that a bad is riskier than a good, ties counting half; `error`: standard error.

    `fewest`: rows of the smaller class.
    """

    value: float
    error: float
    fewest: int

    @property
    def gini(self) -> float:
        """Twice the AUC, less 1."""
        return 2 * self.value - 1

    def interval(self, level: float) -> tuple[float, float]:
        """Of the AUC, on the scale of its log odds, so that it stays between 0 and 1.

        With fewer than `FEW` rows of a class it is that of the greatest variance that an AUC can
        have. A larger sample that is parted without error has no error to go by either. Then the
        end that is open is the rule of three's, -ln(1 - level) over the smaller class.
        """
        if self.fewest < FEW:
            return _widest(self.value, self.fewest, level)
        if not self.error or not 0 < self.value < 1:
            room = min(1.0, -math.log(1 - level) / self.fewest)
            return max(0.0, self.value - room), min(1.0, self.value + room)
        wide = norm.ppf((1 + level) / 2) * self.error / (self.value * (1 - self.value))
        low, high = expit(logit(self.value) + np.array([-wide, wide]))
        return float(low), float(high)


def _widest(value: float, fewest: int, level: float) -> tuple[float, float]:
    """Every AUC whose own greatest variance, AUC (1 - AUC) / fewest, allows for the one seen.

    It is the variance of a share of so many rows, hence Wilson's interval. Sources: Birnbaum, Klose
    (1957), Annals of Mathematical Statistics 28 (4); Wilson (1927), Journal of the American
    Statistical Association 22 (158).
    """
    share = float(norm.ppf((1 + level) / 2)) ** 2 / fewest
    middle = value + share / 2
    wide = math.sqrt(share * (value * (1 - value) + share / 4))
    return (middle - wide) / (1 + share), (middle + wide) / (1 + share)


def auc(risk: Floats, bad: Flags) -> Auc:
    """With DeLong's standard error, by ranks; shapes (n,).

    Sources: DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44 (3); ranks as in Sun, Xu (2014),
    IEEE Signal Processing Letters 21 (11).
    """
    above, below = _placed(risk, bad)
    m, n = len(above), len(below)
    variance = _variance(above) / m + _variance(below) / n
    return Auc(float(above.mean()), math.sqrt(variance), min(m, n))


def auc_difference(risk: Floats, other: Floats, bad: Flags) -> tuple[float, float]:
    """AUC of one score less that of another on the same rows, with DeLong's standard error.

    What both owe to the rows cancels: the error is far below that of two samples.
    """
    (above, below), (above_other, below_other) = _placed(risk, bad), _placed(other, bad)
    over, under = above - above_other, below - below_other
    variance = _variance(over) / len(over) + _variance(under) / len(under)
    return float(over.mean()), math.sqrt(variance)


def _placed(risk: Floats, bad: Flags) -> tuple[Floats, Floats]:
    """Per bad the share of goods that are safer, per good the share of bads that are riskier."""
    _both(risk, bad)
    ranks = rankdata(risk)
    above = (ranks[bad] - rankdata(risk[bad])) / (~bad).sum()
    below = 1 - (ranks[~bad] - rankdata(risk[~bad])) / bad.sum()
    return above, below


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0


def ks(risk: Floats, bad: Flags) -> float:
    """The widest gap between the distributions of goods and bads."""
    _both(risk, bad)
    order = np.argsort(risk, kind="stable")
    last = np.append(np.diff(risk[order]) > 0, True)
    bads, goods = np.cumsum(bad[order]), np.cumsum(~bad[order])
    gap = np.abs(bads / bads[-1] - goods / goods[-1])
    return float(gap[last].max())


def brier(pd: Floats, bad: Flags) -> float:
    """The mean square of PD less what happened."""
    return float(((pd - bad) ** 2).mean())


def brier_of_rate(rate: float) -> float:
    """Brier's score of giving everybody the rate itself: a PD that is worse says less than none."""
    return rate * (1 - rate)


def psi(expected: Integers, actual: Integers) -> float:
    """Population stability of two counts of the same bins.

    A bin that is empty in one of them counts half a row there; one that is empty in both, nothing.
    """
    if expected.shape != actual.shape or not expected.sum() or not actual.sum():
        raise BadSample("stability needs two counts of the same bins, each of some rows")
    filled = expected + actual > 0
    one, other = (np.maximum(counts[filled], _EMPTY) for counts in (expected, actual))
    one, other = one / one.sum(), other / other.sum()
    return float(((other - one) * np.log(other / one)).sum())


def _both(risk: Floats, bad: Flags) -> None:
    if not bad.any() or bad.all():
        raise BadSample("a measure of ranking needs goods and bads")
    if np.isnan(risk).any():
        raise BadSample("a row without a score cannot be ranked: leave it out and say how many")
