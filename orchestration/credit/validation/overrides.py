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

    Notches are positions on the scale. `up` is a better grade than the model's. `rates`: defaults
    of those left as they were, overridden up, and overridden down, in this order. `p_value`: how
    often rates of the overridden and the others would differ as much by chance (Fisher, two-sided);
    none where either is empty.
    """

    rated: int
    up: int
    down: int
    mean_notches_up: float | None
    mean_notches_down: float | None
    rates: Rates
    p_value: float | None

    @property
    def share(self) -> float | None:
        """Of all grades given; none where there are none."""
        return (self.up + self.down) / self.rated if self.rated else None


def overrides(model: Integers, final: Integers, defaulted: Flags, level: float) -> Overrides:
    """Of positions of grades on the scale, best first, and who defaulted; shapes (companies,)."""
    if not model.shape == final.shape == defaulted.shape:
        raise BadSample("every company needs the model's grade, the final one and how it ended")
    notches = model - final
    up, down = notches > 0, notches < 0
    groups = (~up & ~down, up, down)
    companies = np.array([group.sum() for group in groups], np.int64)
    lost = np.array([defaulted[group].sum() for group in groups], np.int64)
    return Overrides(
        rated=len(model),
        up=int(up.sum()),
        down=int(down.sum()),
        mean_notches_up=float(notches[up].mean()) if up.any() else None,
        mean_notches_down=float(-notches[down].mean()) if down.any() else None,
        rates=default_rates(companies, lost, level),
        p_value=_differ(companies, lost),
    )


def _differ(companies: Integers, lost: Integers) -> float | None:
    left, changed = int(companies[0]), int(companies[1:].sum())
    if not left or not changed:
        return None
    bad = int(lost[0]), int(lost[1:].sum())
    return float(fisher_exact([[bad[0], left - bad[0]], [bad[1], changed - bad[1]]]).pvalue)
