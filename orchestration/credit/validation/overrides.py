"""What people changed of the model's grades, and whether they knew better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact

from orchestration.credit.columns import Flags, Integers
from orchestration.credit.errors import BadSample
from orchestration.credit.validation.rates import Rates, default_rates


@dataclass(frozen=True)
class Overrides:
    """Grades that differ from the model's, out of all that were given.

    `up` is a better grade than the model's; notches are places on the scale, on average, none where
    nobody was moved that way. `rates`: defaults of those left as they were, moved up, and moved
    down, in this order. `p_value`: how often rates of the moved and the others would differ as much
    by chance (Fisher, two-sided); none where either is empty.
    """

    rated: int
    up: int
    down: int
    notches_up: float | None
    notches_down: float | None
    rates: Rates
    p_value: float | None

    @property
    def share(self) -> float | None:
        """Of all grades given; none where there are none."""
        return (self.up + self.down) / self.rated if self.rated else None


def overrides(companies: Integers, defaults: Integers, level: float) -> Overrides:
    """Of counts by the model's grade (rows) and the final one, shapes (grades, grades)."""
    if companies.ndim != 2 or companies.shape != defaults.shape:
        raise BadSample("overrides are counted from each grade of the model to each final one")
    place = np.arange(len(companies))
    notches = place[:, None] - place[None, :]
    groups = (notches == 0, notches > 0, notches < 0)
    counts = np.array([companies[group].sum() for group in groups], np.int64)
    lost = np.array([defaults[group].sum() for group in groups], np.int64)
    return Overrides(
        rated=int(counts.sum()),
        up=int(counts[1]),
        down=int(counts[2]),
        notches_up=_mean(notches, companies, groups[1]),
        notches_down=_mean(-notches, companies, groups[2]),
        rates=default_rates(counts, lost, level),
        p_value=_differ(counts, lost),
    )


def _mean(notches: Integers, companies: Integers, group: Flags) -> float | None:
    moved = int(companies[group].sum())
    return float((notches * companies)[group].sum()) / moved if moved else None


def _differ(companies: Integers, lost: Integers) -> float | None:
    left, changed = int(companies[0]), int(companies[1:].sum())
    if not left or not changed:
        return None
    bad = int(lost[0]), int(lost[1:].sum())
    return float(fisher_exact([[bad[0], left - bad[0]], [bad[1], changed - bad[1]]]).pvalue)
