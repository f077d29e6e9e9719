"""Returning: those who seem to have stopped come back, at a rate that the recent past tells.

Models in which customers stop for ever are too sure of it: a long silence is read as an end, and
some buy again. What was expected from an earlier origin, against what has happened since, says how
often. Of a customer alive with probability p, p * expected + (1 - p) * rate * ahead is expected.

The rate is the likeliest where purchases scatter as Poisson's; its error allows for their
scattering more. Source: quasi-likelihood, McCullagh, Nelder (1989), Generalized linear models,
chapter 9.
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
    expected = np.maximum(expected, _HARDLY)

    def slope(rate: float) -> float:
        return float(gone @ (happened / (expected + rate * gone) - 1))

    if not gone.any() or slope(0.0) <= 0:
        return NOBODY_RETURNS
    # At this rate those gone alone would account for all that happened.
    rate = float(brentq(slope, 0.0, happened.sum() / gone.sum(), xtol=1e-14))
    share = gone / (expected + rate * gone)
    scatter = share * (happened - expected - rate * gone)
    return Returning(rate, float(np.sqrt(scatter @ scatter) / (share**2 @ happened)))
