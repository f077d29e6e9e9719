"""BG/NBD: customers buy at a rate of their own until, after some purchase, they stop.

Purchases come at rate lambda, gamma-distributed over customers with shape r and rate alpha; after
each repeat a customer stops with probability p, beta-distributed with a and b.

Source: Fader, Hardie, Lee (2005), "Counting your customers" the easy way, Marketing Science 24 (2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, expit, gammaln

from orchestration.value.beta_average import beta_average
from orchestration.value.histories import Distinct, Floats, Histories
from orchestration.value.maximum import Maximum, in_unit, maximise

NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True)
class BetaGeometric:
    """Parameters of a BG/NBD: alpha is a time in the histories' unit, r, a, b are numbers."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, frequency: Floats, recency: Floats, age: Floats) -> Floats:
        """Probability that a customer still buys; 1 without a repeat, as nothing was left after it.

        Shapes broadcast; `frequency` purchases, `recency` and `age` in the unit of alpha.
        """
        repeats = np.maximum(frequency, 1)
        stopped = np.log(self.a / (self.b + repeats - 1)) + (self.r + frequency) * np.log(
            (self.alpha + age) / (self.alpha + recency)
        )
        return np.where(frequency > 0, expit(-stopped), 1.0)

    def purchases(self, frequency: Floats, age: Floats, ahead: Floats) -> Floats:
        """Expected purchases within `ahead` of a customer who still buys; shapes broadcast.

        The source writes it with a hypergeometric function; here it is the average of
        (1 - (1 + p z)^-(r + x)) / p over what is known of p, with z = ahead / (alpha + age), which
        stays exact for any number of purchases.
        """
        shape = self.r + frequency
        relative = np.asarray(ahead) / (self.alpha + age)
        return beta_average(
            lambda p: -np.expm1(-shape[..., None] * np.log1p(p * relative[..., None])) / p,
            self.a,
            self.b + frequency,
        )


def fit_beta_geometric(histories: Histories) -> tuple[BetaGeometric, Maximum]:
    """The parameters under which the histories are likeliest, and where that was found."""
    unit = histories.mean_age
    likelihood = _Likelihood(histories.scaled(unit))
    rate = max(histories.purchases, 1.0) / histories.total
    found = maximise(likelihood, (0.5, 0.5 / rate, 1.0, 3.0), histories.total)
    found = in_unit(found, histories.purchases, unit, [NAMES.index("alpha")])
    return BetaGeometric(*np.exp(found.logs)), found


class _Likelihood:
    """The log-likelihood with its gradient. Special functions see distinct values only."""

    def __init__(self, histories: Histories) -> None:
        self._customers = histories.customers
        self._frequency = histories.frequency
        self._x = Distinct.of(histories.frequency)
        self._with_x = np.bincount(self._x.row, histories.customers)
        self._age = Distinct.of(histories.age)
        self._recency = Distinct.of(histories.recency)

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = np.exp(logs)
        x, n = self._x.values, self._customers
        bought = r + self._frequency
        late, early = alpha + self._age.values, alpha + self._recency.values
        log_late = np.log(late)[self._age.row]
        wait = log_late - np.log(early)[self._recency.row]
        # Odds that the customer has stopped; nobody stops before a repeat.
        with np.errstate(divide="ignore"):
            after = np.where(x > 0, np.log(a) - np.log(np.maximum(b + x - 1, 1e-300)), -np.inf)
        odds = after[self._x.row] + bought * wait
        stopped = n * expit(odds)

        value = (
            self._with_x @ (gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x))
            + n.sum() * (gammaln(a + b) - gammaln(b) - gammaln(r) + r * np.log(alpha))
            + n @ (np.logaddexp(0, odds) - bought * log_late)
        )
        both = digamma(a + b) - digamma(a + b + x)
        per_late, per_early = (1 / late)[self._age.row], (1 / early)[self._recency.row]
        stopped_at_x = np.bincount(self._x.row, stopped)
        slope = np.array(
            [
                self._with_x @ (digamma(r + x) - digamma(r))
                + n.sum() * np.log(alpha)
                - n @ log_late
                + stopped @ wait,
                n.sum() * r / alpha
                - (n * bought) @ per_late
                + (stopped * bought) @ (per_late - per_early),
                self._with_x @ both + stopped.sum() / a,
                self._with_x @ (both - digamma(b) + digamma(b + x))
                - stopped_at_x[x > 0] @ (1 / (b + x[x > 0] - 1)),
            ]
        )
        return float(value), slope * np.exp(logs)
