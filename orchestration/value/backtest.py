"""How well predictions held: errors, calibration, ranks, and how often intervals were right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from orchestration.value.histories import BadHistories, Floats

DECILES = 10


@dataclass(frozen=True)
class Backtest:
    """Predictions of n customers against what then happened, in the unit of what was predicted.

    `mean_absolute`, `root_mean_square`: errors per customer; `aggregate`: what was predicted of all
    over what happened, less 1 (nan where nothing happened); `rank`: Spearman's correlation (nan
    where all are alike); `predicted`, `happened`: averages of tenths of the customers, the lowest
    predictions first, shape (10,), or fewer where there are fewer customers.
    """

    customers: int
    mean_absolute: float
    root_mean_square: float
    aggregate: float
    rank: float
    predicted: Floats
    happened: Floats


def backtest(predicted: Floats, happened: Floats) -> Backtest:
    """Errors of predictions; shapes (n,)."""
    predicted, happened = _columns(predicted, happened)
    error = predicted - happened
    total = happened.sum()
    alike = np.ptp(predicted) == 0 or np.ptp(happened) == 0
    # Stable, so that customers of one prediction stand in their own order, whatever the batch.
    order = np.argsort(predicted, kind="stable")
    tenths = np.array_split(order, min(DECILES, len(order)))
    return Backtest(
        customers=len(predicted),
        mean_absolute=float(np.abs(error).mean()),
        root_mean_square=float(np.sqrt((error**2).mean())),
        aggregate=float(predicted.sum() / total - 1) if total else float("nan"),
        rank=float("nan") if alike else float(spearmanr(predicted, happened).statistic),
        predicted=np.array([predicted[tenth].mean() for tenth in tenths]),
        happened=np.array([happened[tenth].mean() for tenth in tenths]),
    )


def coverage(low: Floats, high: Floats, happened: Floats) -> float:
    """The share of customers of whom what happened lies in the interval, ends included."""
    low, happened = _columns(low, happened)
    high, _ = _columns(high, happened)
    return float(((low <= happened) & (happened <= high)).mean())


def _columns(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if one.shape != other.shape or one.ndim != 1 or len(one) == 0:
        raise BadHistories(
            "predictions and what happened must be of the same customers, and of some"
        )
    if not np.isfinite(one + other).all():
        raise BadHistories("predictions and what happened must be numbers")
    return one, other
