"""How well grades tell who will default from who will not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.credit.columns import Integers
from orchestration.credit.measures import Auc, auc
from orchestration.credit.validation.counts import require_counts, require_level


@dataclass(frozen=True)
class Ranking:
    """AUC and accuracy ratio, which is twice the AUC less 1, with the intervals of `Auc`."""

    auc: float
    auc_low: float
    auc_high: float

    @property
    def accuracy_ratio(self) -> tuple[float, float, float]:
        """Value, low and high: 1 ranks without error, 0 tells nothing, below 0 backwards."""
        return 2 * self.auc - 1, 2 * self.auc_low - 1, 2 * self.auc_high - 1


def ranking(companies: Integers, defaults: Integers, level: float) -> Ranking | None:
    """Of counts per grade, shapes (grades,): companies of one grade are ties.

    None of a cohort without a default or without a survivor, which no order can be read from.
    """
    require_counts(companies, defaults)
    require_level(level)
    if not 0 < defaults.sum() < companies.sum():
        return None
    return with_interval(_spread(companies, defaults), level)


def with_interval(found: Auc, level: float) -> Ranking:
    """Of an AUC with its error; intervals stay between 0 and 1."""
    low, high = found.interval(level)
    return Ranking(found.value, low, high)


def _spread(companies: Integers, defaults: Integers) -> Auc:
    """Companies one by one, as ranks want them."""
    grade = np.arange(len(companies))
    counts = np.concatenate([companies - defaults, defaults])
    risk = np.repeat(np.concatenate([grade, grade]), counts).astype(np.float64)
    bad = np.repeat(np.array([False, True]), [counts[: len(grade)].sum(), defaults.sum()])
    return auc(risk, bad)
