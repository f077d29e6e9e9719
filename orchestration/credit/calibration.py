"""From a score to a probability of going bad."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from pydantic import Field
from scipy.special import expit

from orchestration.credit.characteristics import Finite, Frozen
from orchestration.credit.columns import Flags, Floats
from orchestration.credit.errors import BadSample
from orchestration.credit.logistic import fit_logistic
from orchestration.credit.scaling import Scale


class Calibration(Frozen):
    """PD = 1 / (1 + exp(intercept + slope * score)), and where the two come from.

    `scale`: the fallback where scores of held-out rows part good and bad without error.
    """

    intercept: Finite
    slope: float = Field(gt=0, allow_inf_nan=False)
    source: Literal["cross-validation", "scale"]

    def pd(self, score: Floats) -> Floats:
        """Of scores of any shape."""
        return np.asarray(expit(-(self.intercept + self.slope * score)), np.float64)


def calibrate(
    scale: Scale, score: Floats, bad: Flags, population_bad_rate: float | None
) -> Calibration:
    """By scores of rows that the card was not fitted to, shape (n,).

    With a bad rate of the population log odds move by the difference to the sample's: the sample
    is taken to hold too many or too few bads, and to be alike otherwise.
    """
    moved = 0.0
    if population_bad_rate is not None:
        in_sample = (~bad).sum() / bad.sum()
        moved = math.log((1 - population_bad_rate) / population_bad_rate / in_sample)
    log_odds = scale.log_odds(score)
    if score[bad].max() < score[~bad].min():
        slope, intercept = 1.0, 0.0
        source: Literal["cross-validation", "scale"] = "scale"
    else:
        found = fit_logistic(log_odds[:, None], ~bad, 0.0, at_least_nought=False)
        slope, intercept, source = float(found.weights[0]), found.intercept, "cross-validation"
    if slope <= 0:
        raise BadSample(
            "on rows that it was not fitted to the card does not tell good from bad: there is "
            "nothing to learn from these characteristics, or too few rows"
        )
    return Calibration(
        intercept=intercept + moved - slope * scale.offset / scale.factor,
        slope=slope / scale.factor,
        source=source,
    )
