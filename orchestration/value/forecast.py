"""A forecast of purchases: what an origin knows, fitted, with those who return and intervals.

Nothing after the origin is looked at: what was known is cut out of the purchases first. Time is
points in any one unit; what is known by an origin is what happened up to it, that point included,
and what is ahead comes after it. Whole days keep both ends exact, which sevenths of them do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.value.beta_geometric import BetaGeometric
from orchestration.value.histories import BadHistories, Columns, Floats, Histories, Integers
from orchestration.value.intervals import Model, Total, around, chances
from orchestration.value.maximum import Maximum
from orchestration.value.returning import NOBODY_RETURNS, Returning, returning
from orchestration.value.shocks import Shocks, fit_shocks
from orchestration.value.waning import WaningBetaGeometric, fit_as_evidence_says

# Counts that are looked at, at least and beyond the highest expected one, for variances.
_COUNTS = 40


@dataclass(frozen=True)
class Purchases:
    """Purchases of customers: whose, in ascending order, and when. Shapes (n,).

    Several of one customer at one time are one purchase: build with `of`.
    """

    customer: Integers
    at: Floats

    @classmethod
    def of(cls, customer: Integers, at: Floats) -> Purchases:
        """From rows in any order."""
        order = np.lexsort((at, customer))
        customer, at = np.asarray(customer)[order], np.asarray(at, np.float64)[order]
        new = np.ones(len(at), bool)
        new[1:] = (customer[1:] != customer[:-1]) | (at[1:] != at[:-1])
        return cls(customer[new], at[new])

    def until(self, origin: float) -> Known:
        """What is known at an origin."""
        known = self.at <= origin
        return Known(origin, self.customer[known], self.at[known])

    def within(self, customers: Integers, origin: float, ahead: float) -> Floats:
        """Purchases of each of these customers, ascending, within `ahead` after an origin."""
        later = self.customer[(self.at > origin) & (self.at <= origin + ahead)]
        place = np.minimum(np.searchsorted(customers, later), len(customers) - 1)
        theirs = customers[place] == later
        return np.bincount(place[theirs], minlength=len(customers)).astype(np.float64)


@dataclass(frozen=True)
class Known:
    """Purchases up to an origin, ordered by customer and time."""

    origin: float
    customer: Integers
    at: Floats

    @cached_property
    def _starts(self) -> Integers:
        if len(self.customer) == 0:
            raise BadHistories("nobody has bought by the origin")
        return np.flatnonzero(np.diff(self.customer, prepend=self.customer[0] - 1))

    @cached_property
    def customers(self) -> Integers:
        """Whoever has bought, ascending; shape (m,)."""
        return self.customer[self._starts]

    @cached_property
    def history(self) -> Columns:
        """Frequency, recency and age of each customer."""
        bought = np.diff(self._starts, append=len(self.at))
        first, last = self.at[self._starts], self.at[self._starts + bought - 1]
        return (bought - 1).astype(np.float64), last - first, self.origin - first

    @cached_property
    def _repeats(self) -> tuple[Floats, Floats]:
        """Of each repeat, when it was and at which age."""
        repeat = np.ones(len(self.at), bool)
        repeat[self._starts] = False
        bought = np.diff(self._starts, append=len(self.at))
        age = self.at - np.repeat(self.at[self._starts], bought)
        return self.at[repeat], age[repeat]

    def fit(self) -> tuple[Model, Maximum]:
        """The model that the evidence is for. Who came at the origin itself has no history yet."""
        seen = self.history[2] > 0
        histories = Histories.counted(*(column[seen] for column in self.history))
        at_age, bought = np.unique(self._repeats[1], return_counts=True)
        return fit_as_evidence_says(histories, at_age, bought.astype(np.float64))

    def shocks(self, model: Model, period: float) -> Shocks:
        """Shocks of the whole periods before the origin, against what the model expects of each."""
        at, _ = self._repeats
        age, customers = np.unique(self.history[2], return_counts=True)
        periods = int(age.max() // period)
        ends = period * np.arange(periods, -1, -1.0)
        happened = np.histogram(at - self.origin, -ends)[0].astype(np.float64)
        lived = np.maximum(age[:, None] - ends, 0)
        nothing = np.zeros_like(lived)
        expected = np.diff(customers @ model.purchases(nothing, nothing, lived))
        # Of periods in which hardly anybody was there yet, shares say nothing.
        told = expected >= 1
        return fit_shocks(expected[told], happened[told])


@dataclass(frozen=True)
class Forecast:
    """What is expected within `ahead` of an origin, of each of n customers and of all.

    `returns`: of those who stopped; `shocks`: per `period`; times in the unit of the purchases.
    """

    known: Known
    ahead: float
    model: Model
    found: Maximum
    returns: Returning
    shocks: Shocks
    period: float

    @property
    def customers(self) -> Integers:
        """Of whom, ascending; shape (n,)."""
        return self.known.customers

    @cached_property
    def expected(self) -> Floats:
        """Purchases of each customer, shape (n,)."""
        return _expected(self.model, self.known.history, self.ahead, self.returns)

    @property
    def learned(self) -> float:
        """The time in which the model and its shocks were learned."""
        return float(self.known.history[2].max())

    def chances(self, most: int) -> Floats:
        """Probabilities of 0 to `most` purchases of each customer, shape (n, most + 1).

        Averages over parameters that may be, so that they are as unsure as those.
        """
        models = self._around
        rows = [chances(m, self.known.history, self.ahead, most, self.returns) for m in models]
        return np.asarray(np.mean(rows, axis=0), np.float64)

    @cached_property
    def total(self) -> Total:
        """All customers together."""
        expected = float(self.expected.sum())
        sums = [
            _expected(model, self.known.history, self.ahead, self.returns).sum()
            for model in self._around
        ]
        gone = (1 - self.model.alive(*self.known.history)).sum() * self.ahead
        # The level was learned in periods that had shocks of their own.
        learned = self.shocks.variance(self.learned / self.period)
        apart = self.shocks.variance(self.ahead / self.period) + learned
        return Total(
            expected,
            sampling=self._sampling(),
            parameters=float(np.mean((np.array(sums) - expected) ** 2)),
            returns=float((self.returns.error * gone) ** 2),
            shocks=apart * expected**2,
        )

    def _sampling(self) -> float:
        most = _COUNTS + int(3 * self.expected.max())
        y = np.arange(most + 1.0)
        of_each = chances(self.model, self.known.history, self.ahead, most, self.returns)
        return float((of_each @ y**2 - (of_each @ y) ** 2).sum())

    @cached_property
    def _around(self) -> Sequence[Model]:
        if isinstance(self.model, WaningBetaGeometric):
            return [WaningBetaGeometric.of(row) for row in around(self.found)]
        return [BetaGeometric(*row) for row in around(self.found)]


def forecast(
    purchases: Purchases, origin: float, ahead: float, trailing: float, period: float
) -> Forecast:
    """What an origin knows of the time `ahead` of it.

    `trailing`: how long before the origin it is looked back to, to see how many returned whom a fit
    of that time thought gone; `period`: of shocks, as a week.
    """
    known = purchases.until(origin)
    model, found = known.fit()
    earlier = Known(origin - trailing, *_before(known, origin - trailing))
    returns = _returned(earlier, purchases.until(origin), trailing)
    return Forecast(known, ahead, model, found, returns, known.shocks(model, period), period)


def _before(known: Known, origin: float) -> tuple[Integers, Floats]:
    earlier = known.at <= origin
    return known.customer[earlier], known.at[earlier]


def _returned(earlier: Known, now: Known, trailing: float) -> Returning:
    """Nobody's return is known of where nobody was there, or nobody for longer than an instant."""
    if len(earlier.at) == 0 or not (earlier.history[2] > 0).any():
        return NOBODY_RETURNS
    model, _ = earlier.fit()
    since = Purchases(now.customer, now.at)
    return returning(
        model.alive(*earlier.history),
        _expected(model, earlier.history, trailing, NOBODY_RETURNS),
        since.within(earlier.customers, earlier.origin, trailing),
        trailing,
    )


def _expected(model: Model, history: Columns, ahead: float, returns: Returning) -> Floats:
    alive = model.alive(*history)
    expected = alive * model.purchases(history[0], history[2], np.array(ahead))
    return np.asarray(expected + returns.purchases(alive, ahead), np.float64)
