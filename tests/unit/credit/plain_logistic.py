"""Logistic regression as a search that knows no slope: slow, and nothing in it to get wrong."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from orchestration.credit.columns import Flags, Floats


def plain_logistic(x: Floats, good: Flags, penalty: float) -> Floats:
    """Intercept and weights, shape (m + 1,)."""
    sign = np.where(good, 1.0, -1.0)

    def loss(beta: Floats) -> float:
        margin = sign * (beta[0] + x @ beta[1:])
        return float(np.log1p(np.exp(-margin)).sum() + penalty * (beta[1:] ** 2).sum() / 2)

    return np.asarray(minimize(loss, np.zeros(x.shape[1] + 1), options={"gtol": 1e-4}).x)
