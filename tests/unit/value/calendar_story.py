"""Customers who arrive over a quarter and buy by a calendar that moves all of them."""

from __future__ import annotations

import numpy as np

from orchestration.value.forecast import Purchases
from orchestration.value.histories import Floats
from orchestration.value.shocks import Shocks
from orchestration.value.waning import WaningBetaGeometric

ARRIVALS = 12.0


def weekly(chance: np.random.Generator, shocks: Shocks, weeks: int) -> Floats:
    """A path of shocks: how many times the usual each week is."""
    path = np.zeros(weeks)
    fresh = chance.normal(0, shocks.deviation, weeks)
    path[0] = fresh[0]
    for week in range(1, weeks):
        kept = shocks.persistence
        path[week] = kept * path[week - 1] + np.sqrt(1 - kept**2) * fresh[week]
    return np.maximum(1 + path, 0)


def purchases(
    chance: np.random.Generator, customers: int, model: WaningBetaGeometric, factor: Floats
) -> Purchases:
    """Purchases of a waning BG/NBD's customers up to the end of a path of weeks, by thinning."""
    first = chance.uniform(0, ARRIVALS, customers)
    wait = 1 / np.maximum(chance.gamma(model.r, 1 / model.steady.alpha, customers), 1e-12)
    stops = chance.beta(model.steady.a, model.steady.b, customers)
    highest = (1 + model.waning.extra) * factor.max()
    who, at = np.arange(customers), first.copy()
    found = [(who, first)]
    while len(who):
        at = at + chance.exponential(wait[who] / highest)
        still = at < len(factor)
        who, at = who[still], at[still]
        rate = model.waning.rate(at - first[who]) * factor[at.astype(int)]
        kept = chance.random(len(who)) * highest < rate
        found.append((who[kept], at[kept]))
        goes_on = ~kept | (chance.random(len(who)) >= stops[who])
        who, at = who[goes_on], at[goes_on]
    return Purchases.of(*(np.concatenate(column) for column in zip(*found, strict=True)))
