"""Logistic regression with a ridge and weights that may be held at or above nought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from orchestration.credit.columns import Flags, Floats
from orchestration.credit.errors import BadSample

_STEPS = 50
# Of the gradient per row: far below what moves a rounded point.
_PRECISE = 1e-10
# Beyond these log odds a sample is told apart without error, and no weight is the best.
_SEPARATED = 30.0


@dataclass(frozen=True)
class Logistic:
    """log odds of being good = intercept + weights @ x; weights and errors have shape (m,).

    `errors` are standard errors; nan for weights that are held at nought.
    """

    intercept: float
    weights: Floats
    errors: Floats

    def log_odds(self, x: Floats) -> Floats:
        """Of rows, shape (n, m) to (n,)."""
        return np.asarray(self.intercept + x @ self.weights, np.float64)


def fit_logistic(x: Floats, good: Flags, penalty: float, *, at_least_nought: bool) -> Logistic:
    """The likeliest weights, less penalty / 2 times their squares; the intercept goes free.

    L-BFGS-B finds which weights the constraint holds; Newton then finds the others to the last
    digit, so that rounding to points does not depend on where a search happened to stop.
    """
    design = np.column_stack([np.ones(len(x)), x])
    ridge = np.full(design.shape[1], penalty)
    ridge[0] = 0.0
    start = np.zeros(design.shape[1])
    start[0] = np.log(good.sum() / (~good).sum())

    def loss(beta: Floats) -> tuple[float, Floats]:
        eta = design @ beta
        value = np.logaddexp(0, eta).sum() - eta[good].sum() + ridge @ beta**2 / 2
        slope = design.T @ (expit(eta) - good) + ridge * beta
        return float(value) / len(x), slope / len(x)

    lowest = 0.0 if at_least_nought else None
    bounds = [(None, None), *((lowest, None) for _ in range(x.shape[1]))]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    beta = np.asarray(found.x, np.float64)
    free = np.ones(len(beta), bool)
    if at_least_nought:
        free[1:] = beta[1:] > 0
    beta = _to_the_last_digit(design, good, ridge, beta, free, at_least_nought)
    return _with_errors(design, ridge, beta, free)


def _to_the_last_digit(
    design: Floats, good: Flags, ridge: Floats, beta: Floats, free: Flags, at_least_nought: bool
) -> Floats:
    """Newton over the free weights; those that it takes below nought are held from then on."""
    for _ in range(_STEPS):
        p = expit(design @ beta)
        slope = design.T @ (p - good) + ridge * beta
        if at_least_nought:
            # A held weight that wants to rise goes free again.
            free |= slope < -_PRECISE * len(design)
        if np.abs(slope[free]).max() < _PRECISE * len(design):
            return beta
        part = design[:, free]
        bend = part.T @ (part * (p * (1 - p))[:, None]) + np.diag(ridge[free])
        try:
            step = np.linalg.solve(bend, slope[free])
        except np.linalg.LinAlgError:
            break
        beta = beta.copy()
        beta[free] -= step
        if at_least_nought:
            below = np.flatnonzero(beta[1:] < 0) + 1
            beta[below], free[below] = 0.0, False
        if np.abs(design @ beta).max() > _SEPARATED:
            break
    raise BadSample(
        "the regression finds no best weights: some rows are told apart without error, "
        "or characteristics repeat each other. Give the policy a penalty, or leave out what was "
        "only known after the outcome"
    )


def _with_errors(design: Floats, ridge: Floats, beta: Floats, free: Flags) -> Logistic:
    p = expit(design @ beta)
    part = design[:, free]
    bend = part.T @ (part * (p * (1 - p))[:, None]) + np.diag(ridge[free])
    errors = np.full(len(beta), np.nan)
    errors[free] = np.sqrt(np.diag(np.linalg.inv(bend)))
    return Logistic(float(beta[0]), beta[1:], errors[1:])
