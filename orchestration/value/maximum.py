"""Maximum likelihood of positive parameters, with a named fallback where data do not fix them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from orchestration.value.histories import Floats

# Value and gradient of a log-likelihood at the logarithms of the parameters.
LogLikelihood = Callable[[Floats], tuple[float, Floats]]

FITTED = "fitted"
# The data leave a parameter open (nobody comes back, all are alike, too few customers): it is held
# near where the search began by a weak prior, normal in the logarithm, and within a factor of it.
REGULARISED = "regularised"
PRIOR_DEVIATION = 3.0
_HELD_WITHIN = 7.0

# Beyond these a parameter is not fixed by the data; so is one along which nothing curves.
_FARTHEST = 12.0
_FLATTEST = 1e-9
_STEEPEST = 1e-7
_STEP = 1e-5
_NEWTON = 30
_HALVINGS = 12
_LEVEL = 1e-12
_TIE = 1e-9
_NEAR = 1e-6


@dataclass(frozen=True)
class Maximum:
    """Where a log-likelihood is highest.

    `logs`: logarithms of the k parameters; `covariance`: of these logarithms, shape (k, k), from
    the curvature; `steepness`: the largest slope left there, per customer, in directions that the
    search may go.
    """

    logs: Floats
    covariance: Floats
    log_likelihood: float
    status: str
    steepness: float

    @property
    def has_converged(self) -> bool:
        """Whether the slope has gone, to what differences of sums over customers can tell."""
        return self.steepness < _STEEPEST


def maximise(
    log_likelihood: LogLikelihood,
    start: Sequence[float],
    customers: float,
    others: Sequence[Sequence[float]] = (),
) -> Maximum:
    """The maximum over positive parameters; `start` in their own scale, shape (k,).

    Likelihoods are compared per customer, so that tolerances mean the same for any number. Where
    the data leave a parameter open there may be several summits: `others` are looked at from, too.
    """
    centre = np.log(np.asarray(start, np.float64))

    def plain(logs: Floats) -> tuple[float, Floats]:
        value, slope = log_likelihood(logs)
        return -value / customers, -slope / customers

    def held(logs: Floats) -> tuple[float, Floats]:
        value, slope = plain(logs)
        away = (logs - centre) / PRIOR_DEVIATION
        return (
            value + float(away @ away) / 2 / customers,
            slope + away / PRIOR_DEVIATION / customers,
        )

    found = _descend(plain, centre, 2 * _FARTHEST)
    if not _is_fixed(*found):
        starts = (centre, *(np.log(np.asarray(other, np.float64)) for other in others))
        found = min(
            (_descend(held, centre, _HELD_WITHIN, start) for start in starts),
            key=lambda reached: (reached[2] >= _STEEPEST, held(reached[0])[0]),
        )
        return _maximum(*found, plain, customers, REGULARISED)
    return _maximum(*found, plain, customers, FITTED)


@dataclass(frozen=True)
class _Box:
    """Where a search may go."""

    lowest: Floats
    highest: Floats

    def free(self, logs: Floats, slope: Floats) -> npt.NDArray[np.bool_]:
        """The directions in which going down does not lead out of it."""
        stopped = ((logs <= self.lowest) & (slope > 0)) | ((logs >= self.highest) & (slope < 0))
        return ~stopped

    def steepness(self, logs: Floats, slope: Floats) -> float:
        """The largest slope in a direction that is free."""
        return float(np.abs(np.where(self.free(logs, slope), slope, 0)).max())


def _descend(
    cost: LogLikelihood, centre: Floats, reach: float, start: Floats | None = None
) -> tuple[Floats, Floats, float]:
    """Lowest point within reach of the centre, curvature and largest slope there.

    Quasi-Newton steps, and Newton's own where they end, to the last digits.
    """
    box = _Box(centre - reach, centre + reach)
    logs: Floats = minimize(
        cost,
        centre if start is None else start,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(box.lowest, box.highest, strict=True)),
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 500, "maxfun": 2000},
    ).x
    value, slope = cost(logs)
    curvature = _curvature(cost, logs)
    for _ in range(_NEWTON):
        if box.steepness(logs, slope) < _LEVEL:
            break
        step, steep = _step(logs, slope, curvature, box), box.steepness(logs, slope)
        for _ in range(_HALVINGS):
            stepped = np.clip(logs + step, box.lowest, box.highest)
            reached, left = cost(stepped)
            # Values tie to the last digits near the end, where slopes still tell.
            tie = _TIE * max(1.0, abs(value))
            if reached < value - tie or (
                reached <= value + tie and box.steepness(stepped, left) < steep
            ):
                break
            step = step / 2
        else:
            break
        moved = float(np.abs(stepped - logs).max())
        logs, value, slope = stepped, reached, left
        # At the end, and from so near, it would be the same for two slopes per parameter.
        if moved > _NEAR or box.steepness(logs, slope) >= _LEVEL:
            curvature = _curvature(cost, logs)
    return logs, curvature, box.steepness(logs, slope)


def _step(logs: Floats, slope: Floats, curvature: Floats, box: _Box) -> Floats:
    """Newton's step in the free directions, made to go down where nothing curves up."""
    free = box.free(logs, slope)
    inner = curvature[np.ix_(free, free)]
    step = np.zeros(len(logs))
    if free.any():
        bend = np.linalg.eigvalsh(inner)[0]
        upward = inner + max(0.0, _FLATTEST - 2 * bend) * np.eye(len(inner))
        step[free] = -np.linalg.solve(upward, slope[free])
    return step


def _curvature(cost: LogLikelihood, logs: Floats) -> Floats:
    """Second derivatives from central differences of slopes, made symmetric."""
    steps = _STEP * np.eye(len(logs))
    rows = [(cost(logs + step)[1] - cost(logs - step)[1]) / (2 * _STEP) for step in steps]
    return (np.array(rows) + np.transpose(rows)) / 2


def _is_fixed(logs: Floats, curvature: Floats, steepness: float) -> bool:
    curved = bool(np.linalg.eigvalsh(curvature)[0] > _FLATTEST)
    return curved and steepness < _STEEPEST and bool(np.abs(logs).max() < _FARTHEST)


def _maximum(
    logs: Floats,
    curvature: Floats,
    steepness: float,
    cost: LogLikelihood,
    customers: float,
    status: str,
) -> Maximum:
    covariance = np.asarray(np.linalg.pinv(curvature * customers, hermitian=True), np.float64)
    return Maximum(logs, covariance, -cost(logs)[0] * customers, status, steepness)


def in_unit(found: Maximum, purchases: float, unit: float, times: Sequence[int]) -> Maximum:
    """A maximum found with times divided by `unit`, in the histories' own unit of time.

    The density of each of `purchases` is per unit of time; `times`: which parameters are times.
    """
    logs = found.logs.copy()
    logs[list(times)] += np.log(unit)
    log_likelihood = found.log_likelihood - purchases * float(np.log(unit))
    return replace(found, logs=logs, log_likelihood=log_likelihood)
