"""BG/NBD: customers buy at a rate of their own until, after some purchase, they stop.

Purchases come at rate lambda, gamma-distributed over customers with shape r and rate alpha; after
each repeat a customer stops with probability p, beta-distributed with a and b.

Source: Fader, Hardie, Lee (2005), "Counting your customers" the easy way, Marketing Science 24 (2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, expit, gammaln
from scipy.stats import nbinom

from orchestration.value.beta_average import beta_average
from orchestration.value.histories import Columns, Distinct, Floats, Histories
from orchestration.value.maximum import Maximum, in_unit, maximise

NAMES = ("r", "alpha", "a", "b")
# Fits the cache, and is too short for the algebra library to start threads over.
_ROWS_AT_ONCE = 8_192


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

    def counts(self, history: Columns, ahead: Floats | float, most: int) -> Floats:
        """Probabilities of 0 to `most` purchases within `ahead`, of customers of a history.

        `history`: frequency, recency, age, each of shape (n,), as `ahead` may be; the result has
        shape (n, most + 1). Who still buys makes y purchases if no stop came before, or stops at
        the y-th: beta moments of p times negative binomials of the rate.
        """
        frequency, recency, age = history
        shape, rate = self.r + frequency, self.alpha + age
        y = np.arange(most + 1.0)
        times = nbinom.pmf(y, shape[:, None], (rate / (rate + ahead))[:, None])
        earlier = np.cumsum(times, axis=1) - times
        b = (self.b + frequency)[:, None]
        goes_on = np.exp(betaln(self.a, b + y) - betaln(self.a, b))
        stops = np.exp(betaln(self.a + 1, b + np.maximum(y, 1) - 1) - betaln(self.a, b))
        found = goes_on * times + np.where(y > 0, stops * np.maximum(1 - earlier, 0), 0)
        alive = self.alive(frequency, recency, age)[:, None]
        return np.asarray(alive * found + (1 - alive) * (y == 0), np.float64)


def fit_beta_geometric(histories: Histories) -> tuple[BetaGeometric, Maximum]:
    """The parameters under which the histories are likeliest, and where that was found."""
    unit = histories.mean_age
    likelihood = Likelihood(histories.scaled(unit))
    rate = max(histories.purchases, 1.0) / histories.total
    start, at_once = (0.5, 0.5 / rate, 1.0, 3.0), (0.5, 0.5 / rate, 0.03, 0.25)
    found = maximise(likelihood, start, histories.total, others=[at_once])
    found = in_unit(found, histories.purchases, unit, [NAMES.index("alpha")])
    return BetaGeometric(*np.exp(found.logs)), found


class Likelihood:
    """The log-likelihood with its gradient.

    Special functions see distinct values only. Of rows with a repeat, which may be as many as
    customers, each is looked at once, in portions that stay in the processor's cache.
    """

    def __init__(self, histories: Histories) -> None:
        self._total = histories.total
        self._x = Distinct.of(histories.frequency)
        self._age = Distinct.of(histories.age)
        self._with_x = np.bincount(self._x.row, histories.customers)
        self._with_age = np.bincount(self._age.row, histories.customers)
        purchases = histories.customers * histories.frequency
        self._bought_at_age = np.bincount(self._age.row, purchases)
        repeats = histories.frequency > 0
        self._customers = histories.customers[repeats]
        self._frequency = histories.frequency[repeats]
        self._recency = Distinct.of(histories.recency[repeats])
        self._x_row, self._age_row = self._x.row[repeats], self._age.row[repeats]

    @property
    def ages(self) -> Floats:
        """The distinct ages, ascending."""
        return self._age.values

    @property
    def recencies(self) -> Floats:
        """The distinct recencies of customers with a repeat, ascending."""
        return self._recency.values

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        value, slope, _, _ = self.with_times(logs, self.ages, self.recencies)
        return value, slope

    def with_times(
        self, logs: Floats, ages: Floats, recencies: Floats
    ) -> tuple[float, Floats, Floats, Floats]:
        """The same where other times stand for the distinct ages and recencies.

        Value, slope by `logs`, by each of `ages`, and by each of `recencies`.
        """
        r, alpha, a, b = np.exp(logs)
        x, age, n = self._x.values, alpha + ages, self._total
        both = digamma(a + b) - digamma(a + b + x)
        bought_at_age = r * self._with_age + self._bought_at_age
        value = (
            self._with_x @ (gammaln(r + x) + gammaln(b + x) - gammaln(a + b + x))
            + n * (gammaln(a + b) - gammaln(b) - gammaln(r) + r * np.log(alpha))
            - bought_at_age @ np.log(age)
        )
        stopped = self._stopped((r, alpha, a, b), age, alpha + recencies)
        by_age = (stopped.by_age - bought_at_age) / age
        by_recency = -stopped.by_recency / (alpha + recencies)
        slope = np.array(
            [
                self._with_x @ (digamma(r + x) - digamma(r))
                + n * np.log(alpha)
                - self._with_age @ np.log(age)
                + stopped.waited,
                n * r / alpha + by_age.sum() + by_recency.sum(),
                self._with_x @ both + stopped.by_x.sum() / a,
                self._with_x @ (both - digamma(b) + digamma(b + x))
                - stopped.by_x @ (1 / self._before(b)),
            ]
        )
        return float(value + stopped.value), slope * np.exp(logs), by_age, by_recency

    def _before(self, b: float) -> Floats:
        """Nobody stops before a repeat: x - 1 is one of a repeat at least."""
        return b + np.maximum(self._x.values, 1) - 1

    def _stopped(
        self, parameters: tuple[float, float, float, float], late: Floats, early: Floats
    ) -> _Stopped:
        """What it adds that customers may have stopped after their last repeat."""
        r, _, a, b = parameters
        log_late, log_early = np.log(late), np.log(early)
        after = np.log(a) - np.log(self._before(b))
        value, waited = 0.0, 0.0
        by_x, by_age = np.zeros(len(after)), np.zeros(len(late))
        by_recency = np.zeros(len(early))
        for start in range(0, len(self._frequency), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            n, x, of_age = self._customers[rows], self._x_row[rows], self._age_row[rows]
            bought, of_recency = r + self._frequency[rows], self._recency.row[rows]
            wait = log_late[of_age] - log_early[of_recency]
            odds = after[x] + bought * wait
            small = np.exp(-np.abs(odds))
            value += n @ (np.maximum(odds, 0) + np.log(1 + small))
            stopped = n * np.where(odds > 0, 1.0, small) / (1 + small)
            waited += stopped @ wait
            by_x += np.bincount(x, stopped, len(after))
            stopped *= bought
            by_age += np.bincount(of_age, stopped, len(late))
            by_recency += np.bincount(of_recency, stopped, len(early))
        return _Stopped(value, waited, by_x, by_age, by_recency)


@dataclass(frozen=True)
class _Stopped:
    """What stopping adds to the likelihood, and sums of who has stopped as its slopes need them."""

    value: float
    waited: float
    by_x: Floats
    by_age: Floats
    by_recency: Floats
