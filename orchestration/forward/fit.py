"""A model's fit of one month, and whether it is to be believed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

import numpy as np

from orchestration.value.maximum import FITTED, Maximum

TOO_FEW = "too_few"
NOT_CONVERGED = "not_converged"
DRIFTED = "drifted"
# Levels that differ by less than so many standard errors may be the same.
_SURE = 2.0


class Says(Protocol):
    """What a fit says of customers: points that they stand at, or a formula over histories."""

    def level(self, customers: Any) -> tuple[float, float] | None:
        """The average over customers, and its error; None where it says nothing of them."""


@dataclass(frozen=True)
class Parameter:
    """A parameter and its standard error."""

    name: str
    value: float
    error: float


@dataclass(frozen=True)
class Fit:
    """What a model learned from the months up to one.

    `observations`: customer months seen; `customers`: who is there at the month's end, as `says`
    asks for them; `level`: what it says of them on average, with its error.
    """

    model: str
    observations: int
    customers: Any
    says: Says | None = None
    status: str = FITTED
    reason: str = ""
    parameters: tuple[Parameter, ...] = ()
    log_likelihood: float | None = None
    steepness: float | None = None

    @property
    def is_good(self) -> bool:
        """Whether values may be worked out with it."""
        return self.says is not None and self.status not in (TOO_FEW, NOT_CONVERGED, DRIFTED)

    @property
    def level(self) -> tuple[float, float] | None:
        """What it says on average, and how unsure that is."""
        return self.says.level(self.customers) if self.says else None


def parameters(names: tuple[str, ...], found: Maximum) -> tuple[Parameter, ...]:
    """Positive parameters where a likelihood is highest, in their own scale."""
    errors = np.sqrt(np.maximum(np.diag(found.covariance), 0))
    return tuple(
        Parameter(name, float(np.exp(log)), float(np.exp(log) * error))
        for name, log, error in zip(names, found.logs, errors, strict=True)
    )


def too_few(model: str, observations: int, least: int) -> Fit:
    """No fit: there is hardly anything to learn from."""
    return Fit(
        model,
        observations,
        {},
        status=TOO_FEW,
        reason=f"{observations} customer months are fewer than forward_least_months {least}",
    )


def believed(fit: Fit, before: Says | None, drift_share: Decimal) -> Fit:
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
