"""Waning: customers buy more often while they are new, and BG/NBD on a clock that says so.

A customer of age t buys at 1 + extra * exp(-t / fading) times the rate that lasts. On the clock of
what was lived, age + extra * fading * (1 - exp(-age / fading)), that is a steady rate, so that
BG/NBD holds as it is. A model without it takes the slowing down of young customers for their having
stopped, and expects too little later.

Source: the change of time of a Poisson process, Kingman (1993), Poisson processes, section 2.3; the
model under it: see beta_geometric.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.value import beta_geometric
from orchestration.value.beta_geometric import BetaGeometric, fit_beta_geometric
from orchestration.value.histories import BadHistories, Columns, Floats, Histories
from orchestration.value.maximum import FITTED, Maximum, in_unit, maximise

NAMES = (*beta_geometric.NAMES, "extra", "fading")
_TIMES = [NAMES.index("alpha"), NAMES.index("fading")]


@dataclass(frozen=True)
class Waning:
    """`extra` is a number, `fading` a time in the histories' unit: what falls to 37 % in it."""

    extra: float
    fading: float

    def rate(self, age: Floats) -> Floats:
        """How often customers buy at an age, as a multiple of the rate that lasts."""
        return np.asarray(1 + self.extra * np.exp(-age / self.fading), np.float64)

    def lived(self, age: Floats) -> Floats:
        """The rate summed up to an age, a time: equal purchases are expected in equal ones."""
        return np.asarray(age - self.extra * self.fading * np.expm1(-age / self.fading), np.float64)


@dataclass(frozen=True)
class WaningBetaGeometric:
    """A BG/NBD on the clock of what was lived. Asked as a BG/NBD is, in plain time."""

    steady: BetaGeometric
    waning: Waning

    @classmethod
    def of(cls, parameters: Floats) -> WaningBetaGeometric:
        """From the parameters in the order of NAMES, shape (6,)."""
        return cls(BetaGeometric(*parameters[:4]), Waning(*parameters[4:]))

    @property
    def r(self) -> float:
        """The shape of the rates."""
        return self.steady.r

    def alive(self, frequency: Floats, recency: Floats, age: Floats) -> Floats:
        """Probability that a customer still buys; shapes broadcast."""
        return self.steady.alive(frequency, self.waning.lived(recency), self.waning.lived(age))

    def purchases(self, frequency: Floats, age: Floats, ahead: Floats) -> Floats:
        """Expected purchases within `ahead` of a customer who still buys; shapes broadcast."""
        return self.steady.purchases(frequency, self.waning.lived(age), self._ahead(age, ahead))

    def counts(self, history: Columns, ahead: Floats | float, most: int) -> Floats:
        """Probabilities of 0 to `most` purchases within `ahead`: shape (n, most + 1)."""
        frequency, recency, age = history
        lived = (frequency, self.waning.lived(recency), self.waning.lived(age))
        return self.steady.counts(lived, self._ahead(age, ahead), most)

    def _ahead(self, age: Floats, ahead: Floats | float) -> Floats:
        return self.waning.lived(age + ahead) - self.waning.lived(age)


def fit_waning(
    histories: Histories, at_age: Floats, bought: Floats
) -> tuple[WaningBetaGeometric, Maximum]:
    """The parameters under which the histories are likeliest, and where that was found.

    `at_age`, `bought`: ages at which repeat purchases were made and how many at each, of all
    customers together, shape (m,): of when each was made, no more than that is needed.
    """
    if float(np.sum(bought)) != histories.purchases or not (np.asarray(at_age) > 0).all():
        raise BadHistories(
            "repeat purchases by age must be those of the histories, at ages above 0"
        )
    unit = histories.mean_age
    likelihood = Likelihood(histories.scaled(unit), at_age / unit, bought)
    rate = max(histories.purchases, 1.0) / histories.total
    found = maximise(likelihood, (0.5, 0.5 / rate, 1.0, 3.0, 0.5, 0.2), histories.total)
    found = in_unit(found, histories.purchases, unit, _TIMES)
    return WaningBetaGeometric.of(np.exp(found.logs)), found


def fit_as_evidence_says(
    histories: Histories, at_age: Floats, bought: Floats
) -> tuple[BetaGeometric | WaningBetaGeometric, Maximum]:
    """The waning model where the data fix it and it is worth its two parameters; BG/NBD elsewhere.

    Worth by Schwarz's criterion: log-likelihood higher by half a logarithm of the customers each.
    """
    plain, found = fit_beta_geometric(histories)
    waning, higher = fit_waning(histories, at_age, bought)
    gained = higher.log_likelihood - found.log_likelihood
    if higher.status == FITTED and gained > np.log(histories.total):
        return waning, higher
    return plain, found


class Likelihood:
    """The log-likelihood with its gradient: BG/NBD's in lived time, and the rates at purchases."""

    def __init__(self, histories: Histories, at_age: Floats, bought: Floats) -> None:
        self._steady = beta_geometric.Likelihood(histories)
        self._at_age, self._bought = at_age, bought

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        waning = Waning(*np.exp(logs[4:]))
        ages, recencies = self._steady.ages, self._steady.recencies
        value, slope, by_age, by_recency = self._steady.with_times(
            logs[:4], waning.lived(ages), waning.lived(recencies)
        )
        rate = waning.rate(self._at_age)
        of_rate = self._bought / rate * (rate - 1)
        times, by_time = np.append(ages, recencies), np.append(by_age, by_recency)
        lived_more = waning.lived(times) - times
        fallen = times * (waning.rate(times) - 1)
        steeper = [
            of_rate.sum() + by_time @ lived_more,
            of_rate @ (self._at_age / waning.fading) + by_time @ (lived_more - fallen),
        ]
        return float(value + self._bought @ np.log(rate)), np.append(slope, steeper)
