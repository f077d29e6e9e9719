"""Pareto/NBD: customers buy at a rate of their own until they leave, unseen, at any time.

Purchases come at rate lambda, gamma-distributed over customers with shape r and rate alpha;
lifetimes end at rate mu, gamma-distributed with shape s and rate beta.

Sources: Schmittlein, Morrison, Colombo (1987), Counting your customers, Management Science 33 (1);
Fader, Hardie (2005), A note on deriving the Pareto/NBD model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, expit, gammaln

from orchestration.value.histories import Distinct, Floats, Histories
from orchestration.value.maximum import Maximum, in_unit, maximise

NAMES = ("r", "alpha", "s", "beta")

# Gauss-Legendre nodes on [0, 1] over the times at which a customer may have left.
NODES = 32
_NODES, _WEIGHTS = (np.polynomial.legendre.leggauss(NODES) + np.array([[1.0], [0.0]])) / 2
# exp(-45) is nothing beside 1.
_NOTHING = 45.0
_NEWTON = 6
# Fits the cache, and is too short for the algebra library to start threads over.
_ROWS_AT_ONCE = 8_192


@dataclass(frozen=True)
class Pareto:
    """Parameters of a Pareto/NBD: alpha and beta are times in the histories' unit, r, s numbers."""

    r: float
    alpha: float
    s: float
    beta: float

    def alive(self, frequency: Floats, recency: Floats, age: Floats) -> Floats:
        """Probability that a customer has not left; shapes (n,), times in the unit of alpha."""
        gone = _Gone(self, frequency, recency, age)
        alive: Floats = expit(gone.log_stayed - gone.log_left)
        return alive

    def purchases(self, frequency: Floats, age: Floats, ahead: Floats) -> Floats:
        """Expected purchases within `ahead` of a customer who has not left; shapes broadcast."""
        stretched = np.log1p(np.asarray(ahead) / (self.beta + age))
        rate = (self.r + frequency) / (self.alpha + age)
        return rate * (self.beta + age) * _decayed(self.s - 1, stretched)


def fit_pareto(histories: Histories) -> tuple[Pareto, Maximum]:
    """The parameters under which the histories are likeliest, and where that was found."""
    unit = histories.mean_age
    likelihood = Likelihood(histories.scaled(unit))
    rate = max(histories.purchases, 1.0) / histories.total
    found = maximise(likelihood, (0.5, 0.5 / rate, 0.5, 0.5), histories.total)
    times = (NAMES.index("alpha"), NAMES.index("beta"))
    found = in_unit(found, histories.purchases, unit, times)
    return Pareto(*np.exp(found.logs)), found


def _decayed(rate: float, time: Floats) -> Floats:
    """(1 - exp(-rate * time)) / rate, which is `time` at a rate of 0."""
    decayed: Floats = time if abs(rate) < 1e-12 else -np.expm1(-rate * time) / rate
    return decayed


class _Gone:
    """What is known of when customers left: at some time since the last purchase, or not yet.

    Having left at y weighs (alpha + y)^-(r + x) (beta + y)^-(s + 1). In logarithmic time from the
    last purchase, u = log((c + y) / (c + recency)) with the smaller of alpha and beta as c, that
    weight is smooth, so that few nodes are exact; it is cut off where nothing is left of it.
    """

    def __init__(self, of: Pareto, frequency: Floats, recency: Floats, age: Floats) -> None:
        p, q, c = of.r + frequency, of.s + 1, min(of.alpha, of.beta)
        start = c + recency
        alpha, beta = (of.alpha - c, of.beta - c)
        from_alpha, from_beta = np.log(alpha + start), np.log(beta + start)
        end = _cut(np.log((c + age) / start), p, q, alpha, beta, start)
        u = end[:, None] * _NODES
        grown = start[:, None] * np.exp(u)
        self._alpha, self._beta = alpha + grown, beta + grown
        self._log_alpha, self._log_beta = np.log(self._alpha), np.log(self._beta)
        fallen = (
            u
            - p[:, None] * (self._log_alpha - from_alpha[:, None])
            - q * (self._log_beta - from_beta[:, None])
        )
        self._weights = np.exp(fallen) * _WEIGHTS
        self._sum = self._weights.sum(axis=1)
        with np.errstate(divide="ignore"):
            self.log_left = (
                np.log(of.s) - p * from_alpha - q * from_beta + np.log(start * end * self._sum)
            )
        self.log_stayed = -p * np.log(of.alpha + age) - of.s * np.log(of.beta + age)

    def averages(self) -> Iterator[Floats]:
        """Averages over when customers left: log(alpha + y), 1/(alpha + y), and so for beta."""
        for of in (self._log_alpha, 1 / self._alpha, self._log_beta, 1 / self._beta):
            yield (self._weights * of).sum(axis=1) / self._sum


def _cut(end: Floats, p: Floats, q: float, alpha: float, beta: float, start: Floats) -> Floats:
    """The end of the range in u, or before it where the weight has fallen to nothing.

    The logarithm of the weight is concave in u, so that Newton's steps from the right stay right.
    """
    first = p * start / (alpha + start) + q * start / (beta + start) - 1
    cut = np.where(first > 0, np.minimum(end, _NOTHING / np.maximum(first, 1e-300)), end)
    for _ in range(_NEWTON):
        grown = start * np.exp(cut)
        fall = (
            p * np.log((alpha + grown) / (alpha + start))
            + q * np.log((beta + grown) / (beta + start))
            - cut
        )
        slope = grown * (p / (alpha + grown) + q / (beta + grown)) - 1
        cut = np.where(fall > _NOTHING, cut - (fall - _NOTHING) / slope, cut)
    return cut


class Likelihood:
    """The log-likelihood with its gradient, in portions of rows."""

    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self._x = Distinct.of(histories.frequency)
        self._with_x = np.bincount(self._x.row, histories.customers)

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        r, alpha, s, beta = np.exp(logs)
        x, n = self._x.values, self._histories.total
        value = self._with_x @ (gammaln(r + x) - gammaln(r)) + n * (
            r * np.log(alpha) + s * np.log(beta)
        )
        slope = np.array(
            [
                self._with_x @ (digamma(r + x) - digamma(r)) + n * np.log(alpha),
                n * r / alpha,
                n * np.log(beta),
                n * s / beta,
            ]
        )
        for start in range(0, len(self._histories.age), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            added, steeper = self._of(Pareto(r, alpha, s, beta), rows)
            value += added
            slope += steeper
        return float(value), slope * np.exp(logs)

    def _of(self, model: Pareto, rows: slice) -> tuple[float, Floats]:
        h = self._histories
        x, age, n = h.frequency[rows], h.age[rows], h.customers[rows]
        gone = _Gone(model, x, h.recency[rows], age)
        left = n * expit(gone.log_left - gone.log_stayed)
        stayed = n - left
        log_alpha, per_alpha, log_beta, per_beta = gone.averages()
        alpha, beta, p = model.alpha + age, model.beta + age, model.r + x
        return float(n @ np.logaddexp(gone.log_stayed, gone.log_left)), np.array(
            [
                -(stayed @ np.log(alpha) + left @ log_alpha),
                -(stayed @ (p / alpha) + left @ (p * per_alpha)),
                left.sum() / model.s - stayed @ np.log(beta) - left @ log_beta,
                -model.s * (stayed @ (1 / beta)) - (model.s + 1) * (left @ per_beta),
            ]
        )
