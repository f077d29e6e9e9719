"""A model's fit of one month, and whether it is to be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from orchestration.forward.points import Points
from orchestration.value.maximum import FITTED

TOO_FEW = "too_few"
NOT_CONVERGED = "not_converged"
DRIFTED = "drifted"
# Levels that differ by less than so many standard errors may be the same.
_SURE = 2.0


@dataclass(frozen=True)
class Parameter:
    """A parameter and its standard error."""

    name: str
    value: float
    error: float


@dataclass(frozen=True)
class Fit:
    """What a model learned from the months up to one.

    `observations`: customer months seen; `customers`: who stands at which point at the month's end;
    `level`: the points' average over them, with its error.
    """

    model: str
    observations: int
    customers: Mapping[str, int]
    points: Points | None = None
    status: str = FITTED
    reason: str = ""
    parameters: tuple[Parameter, ...] = ()
    log_likelihood: float | None = None
    steepness: float | None = None

    @property
    def is_good(self) -> bool:
        """Whether values may be worked out with it."""
        return self.points is not None and self.status not in (TOO_FEW, NOT_CONVERGED, DRIFTED)

    @property
    def level(self) -> tuple[float, float] | None:
        """What it says on average, and how unsure that is."""
        return self.points.level(self.customers) if self.points else None


def too_few(model: str, observations: int, least: int) -> Fit:
    """No fit: there is hardly anything to learn from."""
    return Fit(
        model,
        observations,
        {},
        status=TOO_FEW,
        reason=f"{observations} customer months are fewer than forward_least_months {least}",
    )


def believed(fit: Fit, before: Points | None, drift_share: Decimal) -> Fit:
    """The fit, refused where its level is far from that of the last good one.

    Both levels are of today's customers, so that who they are does not count as drift.
    """
    new = fit.level
    if not fit.is_good or new is None:
        return fit
    if not np.isfinite(new).all():
        return replace(fit, status=NOT_CONVERGED, reason="its values are not numbers")
    old = before.level(fit.customers) if before else None
    if old is None:
        return fit
    moved = abs(new[0] - old[0])
    far = moved > float(drift_share) * max(abs(new[0]), abs(old[0]))
    if far and moved > _SURE * float(np.hypot(new[1], old[1])):
        return replace(
            fit,
            status=DRIFTED,
            reason=f"its level went from {old[0]:.2f} to {new[0]:.2f}, further than "
            f"forward_drift_share {drift_share.normalize():f}; the last good fit stays",
        )
    return fit
