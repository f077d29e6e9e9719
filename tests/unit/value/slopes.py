"""Slopes of a log-likelihood against differences of its values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from orchestration.value.histories import Floats

STEP = 1e-5


def assert_slope_fits(likelihood: Callable[[Floats], tuple[float, Floats]], logs: Floats) -> None:
    """The slope at `logs` is what two values beside it say."""
    value, slope = likelihood(logs)
    differences = [
        (likelihood(logs + step)[0] - likelihood(logs - step)[0]) / (2 * STEP)
        for step in STEP * np.eye(len(logs))
    ]
    # What differences of so large a value can tell.
    np.testing.assert_allclose(slope, differences, rtol=1e-6, atol=1e-9 * abs(value) + 1e-6)
