"""Shifted beta-geometric: who has a contract keeps it, period by period, with odds of their own.

At the end of each period a customer leaves with a probability that is beta-distributed over
customers with a and b, so that those who are left are ever more loyal.

Source: Fader, Hardie (2007), How to project customer retention, J. of Interactive Marketing 21.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.value.histories import BadHistories, Floats
from orchestration.value.maximum import Maximum, maximise

NAMES = ("a", "b")


@dataclass(frozen=True)
class Retention:
    """Parameters of a shifted beta-geometric."""

    a: float
    b: float

    def stays(self, period: Floats) -> Floats:
        """Share of those there at the start of a period, counted from 1, who stay; broadcast."""
        return (self.b + period - 1) / (self.a + self.b + period - 1)

    def survival(self, periods: int, after: int = 0) -> Floats:
        """Shares left after 1 to `periods` further periods, of those left after `after`."""
        stays = self.stays(after + np.arange(1.0, periods + 1))
        return np.asarray(np.cumprod(stays), np.float64)


def fit_retention(kept: Floats, lost: Floats) -> tuple[Retention, Maximum]:
    """The parameters under which so many stayed and left in each period; shapes (n,), from 1.

    Customers of any age count, each in the periods they were seen in.
    """
    kept, lost = np.asarray(kept, np.float64), np.asarray(lost, np.float64)
    everybody = float(kept.sum() + lost.sum())
    if kept.shape != lost.shape or not (kept >= 0).all() or not (lost >= 0).all():
        raise BadHistories("those who stayed and who left must be counted for the same periods")
    if everybody == 0:
        raise BadHistories("nobody was seen in any period")
    before = np.arange(len(kept))

    def likelihood(logs: Floats) -> tuple[float, Floats]:
        a, b = np.exp(logs)
        ended = lost.sum()
        value = (
            ended * np.log(a) + kept @ np.log(b + before) - (kept + lost) @ np.log(a + b + before)
        )
        either = (kept + lost) @ (1 / (a + b + before))
        return float(value), np.array(
            [ended - a * either, b * (kept @ (1 / (b + before)) - either)]
        )

    found = maximise(likelihood, (1.0, 3.0), everybody)
    return Retention(*np.exp(found.logs)), found
