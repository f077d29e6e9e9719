"""Intervals of purchases to come, of single customers and of all together.

Counts are whole numbers, so that no interval of one customer holds exactly nine chances of ten.
Three readings stand beside each other:

- `central`: each customer's own, which holds the level or more; of customers who hardly buy, much
  more.
- `shared`: whole numbers as well, chosen so that of all customers together the level holds: the
  likeliest counts of everybody, down to one chance that is the same for all.
- `covered`: no interval, but a fair measure of chances: the share of what happened that lies
  between two quantiles where a count is spread evenly over its own chance. If the chances are
  right, it averages the level exactly.

Sources: Czado, Gneiting, Held (2009), Predictive model assessment for count data, Biometrics 65;
Geyer, Meeden (2005), Fuzzy and randomized confidence intervals, Statistical Science 20.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import gamma, nbinom

from orchestration.value.beta_geometric import BetaGeometric
from orchestration.value.histories import BadHistories, Columns, Floats
from orchestration.value.maximum import Maximum
from orchestration.value.returning import NOBODY_RETURNS, Returning
from orchestration.value.waning import WaningBetaGeometric

Model = BetaGeometric | WaningBetaGeometric


def around(found: Maximum) -> Floats:
    """2k parameters around a maximum that have its covariance in the logarithm, shape (2k, k).

    Equal weights; source: Julier, Uhlmann (1997), the unscented transformation.
    """
    values, vectors = np.linalg.eigh(found.covariance)
    steps = (vectors * np.sqrt(np.maximum(values, 0) * len(values))).T
    return np.asarray(np.exp(found.logs + np.concatenate((steps, -steps))), np.float64)


def chances(
    model: Model,
    history: Columns,
    ahead: float,
    most: int,
    returns: Returning = NOBODY_RETURNS,
) -> Floats:
    """Probabilities of 0 to `most` purchases within `ahead`, shape (n, most + 1).

    `history`: frequency, recency, age, each of shape (n,). Those who return differ among each other
    as customers do: their rates have the shape of the model's.
    """
    found = model.counts(history, ahead, most)
    if returns.rate == 0:
        return found
    y = np.arange(most + 1)
    back = nbinom.pmf(y, model.r, model.r / (model.r + returns.rate * ahead)) - (y == 0)
    return np.asarray(found + (1 - model.alive(*history))[:, None] * back, np.float64)


def central(chances: Floats, level: float) -> tuple[Floats, Floats]:
    """Lowest and highest count of each customer, with at most half of what is left beyond each."""
    below = np.cumsum(chances, axis=1)
    tail = (1 - level) / 2
    low, high = (below <= tail).sum(axis=1), (below < 1 - tail).sum(axis=1)
    return low.astype(float), np.maximum(high, low).astype(float)


def shared(chances: Floats, level: float) -> tuple[Floats, Floats]:
    """Lowest and highest count of each customer, so that `level` of all customers lie in theirs.

    Counts are taken by their chance, the likeliest of all customers first; a gap within a
    customer's is closed. Customers of one history must be given as often as they are.
    """
    likeliest = np.sort(chances, axis=None)[::-1]
    held = np.cumsum(likeliest)
    enough = int(np.searchsorted(held, level * len(chances)))
    least = likeliest[min(enough, len(likeliest) - 1)]
    # Everybody has one count at least.
    taken = chances >= np.minimum(least, chances.max(axis=1))[:, None]
    low = taken.argmax(axis=1)
    high = chances.shape[1] - 1 - taken[:, ::-1].argmax(axis=1)
    return low.astype(float), high.astype(float)


def covered(chances: Floats, happened: Floats, level: float) -> Floats:
    """Of each customer, the share of what happened that lies in the middle; shape (n,), 0 to 1."""
    if len(chances) != len(happened):
        raise BadHistories("chances and what happened must be of the same customers")
    rows, most = np.arange(len(chances)), chances.shape[1] - 1
    count = np.minimum(happened, most).astype(int)
    above = np.cumsum(chances, axis=1)[rows, count]
    chance = np.maximum(chances[rows, count], 1e-300)
    tail = (1 - level) / 2
    inside = np.minimum(above, 1 - tail) - np.maximum(above - chance, tail)
    return np.where(happened > most, 0.0, np.clip(inside / chance, 0, 1))


@dataclass(frozen=True)
class Total:
    """What all customers together are expected to buy, and the parts of its variance.

    `sampling`: who of these customers buys; `parameters`: of the model; `returns`: of the rate at
    which those who stopped return; `shocks`: of the calendar, ahead and in what was learned from.
    """

    expected: float
    sampling: float
    parameters: float
    returns: float
    shocks: float

    @property
    def variance(self) -> float:
        """All together."""
        return self.sampling + self.parameters + self.returns + self.shocks

    def off(self, happened: float) -> float:
        """By how many of its standard errors what happened was off."""
        return (happened - self.expected) / float(np.sqrt(self.variance))

    def interval(self, level: float, widened: float = 1.0) -> tuple[float, float]:
        """Ends with half of what is left beyond each, of a gamma distribution.

        `widened`: by what the variance is multiplied, as `PastErrors.widening` says.
        """
        if self.expected == 0:
            return 0.0, 0.0
        scale = widened * self.variance / self.expected
        tail = (1 - level) / 2
        low, high = gamma.ppf([tail, 1 - tail], self.expected / scale, scale=scale)
        return float(low), float(high)


@dataclass(frozen=True)
class PastErrors:
    """Earlier forecasts of one length, all of them ended by an origin.

    `origins`: where they began; `off`: by how many standard errors each was off. Shapes (n,).
    """

    origins: Floats
    off: Floats

    def widening(self, ahead: float, learned: float) -> float:
        """By what to multiply the variance of one more forecast of length `ahead`.

        The variance that a model thinks of was learned in `learned`, as many windows of this length
        as fit into it, and its tests bear witness for as many as they cover: those that overlap do
        not count twice. Both are averaged, as a normal variance and its conjugate prior are.
        """
        if self.origins.shape != self.off.shape or not (ahead > 0 and learned > 0):
            raise BadHistories("tests must have an origin and an error each, and a length")
        if len(self.origins) == 0:
            return 1.0
        apart = np.minimum(np.diff(np.sort(self.origins)), ahead)
        covered, told = float(apart.sum()) / ahead + 1, learned / ahead
        return float((told + covered * np.mean(self.off**2)) / (told + covered))
