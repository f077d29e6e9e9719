"""Gamma-gamma: what customers spend per purchase, whatever how often they buy.

A customer's purchases are gamma-distributed with shape p and a rate of their own, which is
gamma-distributed over customers with shape q and rate gamma.

Source: Fader, Hardie (2013), The gamma-gamma model of monetary value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betaln, digamma

from orchestration.value.histories import BadHistories, Distinct, Floats
from orchestration.value.maximum import Maximum, in_unit, maximise

NAMES = ("p", "q", "gamma")

# Logarithms of p, q and gamma from those of p, q and gamma * p / q, which is the level of spend: it
# is known from the average alone, while the three as they are lie along a narrow valley.
_FROM_LEVEL = np.array([[1.0, 0, 0], [0, 1, 0], [-1, 1, 1]])


@dataclass(frozen=True)
class GammaGamma:
    """Parameters: p and q are numbers, gamma is an amount in the unit of the averages."""

    p: float
    q: float
    gamma: float

    def spend(self, purchases: Floats, average: Floats) -> Floats:
        """Expected amount of a further purchase, of those counted and their average; broadcast.

        Without a purchase it is that of everybody; it has no bound where q is 1 or less.
        """
        shape = self.p * purchases
        below = shape + self.q - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = self.p * (self.gamma + purchases * average) / below
        return np.where(below > 0, expected, np.inf)


def fit_gamma_gamma(
    purchases: Floats, average: Floats, customers: Floats | None = None
) -> tuple[GammaGamma, Maximum]:
    """The parameters under which averages of so many purchases are likeliest.

    `purchases` from 1, `average` amounts above 0, `customers` who have both (1 each without);
    shapes (n,).
    """
    counts, amounts = np.asarray(purchases, np.float64), np.asarray(average, np.float64)
    weights = np.ones(len(amounts)) if customers is None else np.asarray(customers, np.float64)
    if len(amounts) == 0:
        raise BadHistories("nobody has bought again: there is no amount to learn from")
    if not (np.isfinite(amounts).all() and (amounts > 0).all() and (counts >= 1).all()):
        raise BadHistories("averages must be above 0, of one purchase or more")
    unit = float(weights @ amounts / weights.sum())
    likelihood = Likelihood(counts, amounts / unit, weights)

    def by_level(logs: Floats) -> tuple[float, Floats]:
        value, slope = likelihood(_FROM_LEVEL @ logs)
        return value, slope @ _FROM_LEVEL

    found = maximise(by_level, (4.0, 3.0, 0.7), float(weights.sum()))
    found = replace(
        found,
        logs=_FROM_LEVEL @ found.logs,
        covariance=_FROM_LEVEL @ found.covariance @ _FROM_LEVEL.T,
    )
    found = in_unit(found, float(weights.sum()), unit, [NAMES.index("gamma")])
    return GammaGamma(*np.exp(found.logs)), found


class Likelihood:
    """The log-likelihood with its gradient. Special functions see distinct counts only."""

    def __init__(self, purchases: Floats, average: Floats, customers: Floats) -> None:
        self._x = Distinct.of(purchases)
        self._with_x = np.bincount(self._x.row, customers)
        self._purchases, self._average, self._customers = purchases, average, customers
        self._total = purchases * average

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        p, q, gamma = np.exp(logs)
        x, n = self._x.values, self._customers
        shape = p * self._purchases
        beyond, within = np.log1p(gamma / self._total), np.log1p(self._total / gamma)
        value = -self._with_x @ betaln(p * x, q) - n @ (
            shape * beyond + q * within + np.log(self._average)
        )
        slope = np.array(
            [
                self._with_x @ (x * (digamma(p * x + q) - digamma(p * x)))
                - (n * self._purchases) @ beyond,
                self._with_x @ (digamma(p * x + q) - digamma(q)) - n @ within,
                n.sum() * q / gamma - n @ ((shape + q) / (gamma + self._total)),
            ]
        )
        return float(value), slope * np.exp(logs)
