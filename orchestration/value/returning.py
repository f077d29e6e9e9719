"""Returning: those who seem to have stopped come back, at a rate that the recent past tells.

Models in which customers stop for ever are too sure of it: a long silence is read as an end, and
some buy again. What was expected from an earlier origin, against what has happened since, says how
often. Of a customer alive with probability p, p * expected + (1 - p) * rate * ahead is expected.

If all customers bought more than expected in that time, and not just those gone, then that was its
calendar and not their return: it is taken out. The rate is the likeliest where purchases scatter as
Poisson's; its error allows for their scattering more. Source: quasi-likelihood, McCullagh, Nelder
(1989), Generalized linear models, chapter 9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from orchestration.value.histories import BadHistories, Floats

# Below this nobody is expected to buy: it keeps a quotient finite.
_HARDLY = 1e-12


@dataclass(frozen=True)
class Returning:
    """Purchases per unit of time of somebody who has stopped, and the standard error."""

    rate: float
    error: float

    def purchases(self, alive: Floats, ahead: float) -> Floats:
        """What to add to the purchases expected within `ahead`; shape of `alive`."""
        return (1 - alive) * self.rate * ahead


NOBODY_RETURNS = Returning(0.0, 0.0)


def returning(alive: Floats, expected: Floats, happened: Floats, ahead: float) -> Returning:
    """The rate under which what happened within `ahead` of an earlier origin is likeliest.

    `alive`, `expected`: what was said at that origin without any return; shapes (n,).
    """
    alive, expected, happened = (np.asarray(c, np.float64) for c in (alive, expected, happened))
    if not alive.shape == expected.shape == happened.shape or not ahead > 0:
        raise BadHistories("what was expected and what happened must be of the same customers")
    gone = (1 - alive) * ahead
    expected, total = np.maximum(expected, _HARDLY), float(happened.sum())

    def slope(rate: float) -> float:
        """By the rate, at the level of everybody's purchases that is likeliest with it."""
        mean = expected + rate * gone
        return float(gone @ (happened / mean) - total / mean.sum() * gone.sum())

    if total == 0 or not gone.any() or slope(0.0) <= 0:
        return NOBODY_RETURNS
    # At this rate those gone alone would account for all that happened.
    highest = total / float(gone.sum())
    rate = float(brentq(slope, 0.0, highest, xtol=1e-14)) if slope(highest) < 0 else highest
    return Returning(rate, _error(expected + rate * gone, gone, happened))


def _error(mean: Floats, gone: Floats, happened: Floats) -> float:
    """Standard error of the rate, the level being as unknown, from how purchases did scatter."""
    level = happened.sum() / mean.sum()
    share = gone / mean - gone.sum() / mean.sum()
    scatter = share * (happened - level * mean)
    known = level * (share @ gone)
    return float(np.sqrt(scatter @ scatter) / known) if known > 0 else 0.0
