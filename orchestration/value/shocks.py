"""Shocks: all customers together buy more in some weeks than in others, for reasons of no model.

Campaigns, holidays and failures move everybody, so that they do not average out over customers.
Purchases of period t are expected times 1 + s(t), where s follows its last value by a share
`persistence` and scatters by `deviation`.

Source: a first-order autoregression seen with Poisson's noise, by the filter of Kalman (1960).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from orchestration.value.histories import BadHistories, Floats

# Where few periods are known: shocks of a tenth that last, by a half, into the next period.
_USUAL = np.array([logit(0.5), 2 * np.log(0.1)])
_SURE = np.array([1.5, 2.0])


@dataclass(frozen=True)
class Shocks:
    """`deviation` relative to what is expected; `persistence` between 0 and 1, per period."""

    deviation: float
    persistence: float

    def variance(self, periods: float) -> float:
        """Relative variance of what `periods` periods bring together, a part of one counting so."""
        whole = max(int(np.ceil(periods)), 1)
        share = np.append(np.ones(whole - 1), periods - whole + 1) / periods
        apart = np.abs(np.subtract.outer(np.arange(whole), np.arange(whole)))
        return float(self.deviation**2 * (share @ self.persistence**apart @ share))


def fit_shocks(expected: Floats, happened: Floats) -> Shocks:
    """From what was expected of each period, in order, and what happened; shapes (n,)."""
    expected, happened = np.asarray(expected, np.float64), np.asarray(happened, np.float64)
    if expected.shape != happened.shape or not (expected > 0).all():
        raise BadHistories("something must be expected of each period")
    seen, noise = happened / expected - 1, 1 / expected

    def cost(at: Floats) -> float:
        away = (at - _USUAL) / _SURE
        likelihood = _likelihood(seen, noise, float(expit(at[0])), float(np.exp(at[1])))
        return float(away @ away) / 2 - likelihood

    found = minimize(cost, _USUAL, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9}).x
    return Shocks(float(np.exp(found[1] / 2)), float(expit(found[0])))


def _likelihood(seen: Floats, noise: Floats, persistence: float, variance: float) -> float:
    """Of what was seen of shocks, by a filter over the periods: of weeks, a hundred or so."""
    value, middle, spread = 0.0, 0.0, variance
    for one, unsure in zip(seen.tolist(), noise.tolist(), strict=True):
        total = spread + unsure
        value -= (np.log(total) + (one - middle) ** 2 / total) / 2
        gain = spread / total
        middle = persistence * (middle + gain * (one - middle))
        spread = persistence**2 * spread * (1 - gain) + (1 - persistence**2) * variance
    return float(value)
