"""Logistic regression whose coefficients may not be negative.

Weights of evidence point to good by themselves: a negative coefficient would give points for what
the data count against somebody, and nobody could be told why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orchestration.credit.columns import Flags, Floats
from orchestration.credit.errors import BadSample

_STEPS = 200
_HALVINGS = 40
# Below this a step is taken as it is: the likelihood is too flat to judge it by.
_NEAR = 1e-4
# Below this it moves the last digits only.
_STILL = 1e-13
# Odds beyond e to this are no estimate: the likelihood rises for ever.
_FARTHEST = 30.0
_PARTED = (
    "the regression does not come to rest: good and bad are parted without error. "
    "Look for a feature that knows the outcome, or raise the policy's ridge"
)


@dataclass(frozen=True)
class Regression:
    """ln(good : bad) = intercept + evidence @ coefficients; shapes (k,)."""

    intercept: float
    coefficients: Floats
    errors: Floats


def regress(evidence: Floats, bad: Flags, ridge: float) -> Regression:
    """The likeliest non-negative coefficients, drawn to 0 by `ridge`; `evidence`: (rows, k).

    Equal rows are counted, in order, so that neither the order of rows nor threads decide a digit.
    """
    distinct, place = np.unique(evidence, axis=0, return_inverse=True)
    rows = np.asarray(np.bincount(place), np.float64)
    goods = np.asarray(np.bincount(place[~bad], minlength=len(distinct)), np.float64)
    design = np.column_stack([np.ones(len(distinct)), distinct])
    pull = np.full(design.shape[1], ridge)
    pull[0] = 0
    start = np.zeros(design.shape[1])
    start[0] = np.log(goods.sum() / (rows.sum() - goods.sum()))
    weights, curvature = _climb(design, goods, rows, pull, start)
    if np.abs(weights).max() > _FARTHEST:
        raise BadSample(_PARTED)
    free = _free(weights, np.zeros_like(weights))
    errors = np.zeros(len(weights))
    errors[free] = np.sqrt(np.diag(np.linalg.inv(curvature[np.ix_(free, free)])))
    return Regression(float(weights[0]), weights[1:], errors[1:])


def _free(weights: Floats, slope: Floats) -> Flags:
    """Directions open to the search: all but coefficients at 0 that want to go below."""
    free: Flags = (weights > 0) | (slope > 0)
    free[0] = True
    return free


def _climb(
    design: Floats, goods: Floats, rows: Floats, pull: Floats, start: Floats
) -> tuple[Floats, Floats]:
    """Newton's steps in the directions that are free, halved until they go up."""

    def height(weights: Floats) -> float:
        logit = design @ weights
        return float(goods @ logit - rows @ np.logaddexp(0, logit) - pull @ weights**2 / 2)

    weights, at = start, height(start)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(design @ weights)))
        slope = design.T @ (goods - rows * chance) - pull * weights
        curvature = (design.T * (rows * chance * (1 - chance))) @ design + np.diag(pull)
        free = _free(weights, slope)
        step = np.zeros_like(weights)
        step[free] = np.linalg.lstsq(curvature[np.ix_(free, free)], slope[free], rcond=None)[0]
        before = weights
        weights, at = _upward(height, weights, step, at)
        if np.abs(weights - before).max() < _STILL * max(1.0, np.abs(weights).max()):
            return weights, curvature
    raise BadSample(_PARTED)


def _upward(
    height: Callable[[Floats], float], weights: Floats, step: Floats, at: float
) -> tuple[Floats, float]:
    """Where the step leads, halved until it goes up; nowhere if it never does."""
    for halving in range(_HALVINGS):
        there = weights + step / 2**halving
        there[1:] = np.maximum(there[1:], 0)
        reached = height(there)
        if reached > at or np.abs(step).max() < _NEAR:
            return there, reached
    return weights, at
