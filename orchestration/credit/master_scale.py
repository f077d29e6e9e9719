"""The master scale: classes of PD, and the whole scores at which they begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.credit.calibration import Curve
from orchestration.credit.policy import Grade


@dataclass(frozen=True)
class Step:
    """A class and the lowest score in it; the last has none."""

    grade: str
    from_score: int | None


def scale(curve: Curve, grades: Sequence[Grade], lowest: int, highest: int) -> tuple[Step, ...]:
    """Classes that some score between these reaches, best first."""
    scores = np.arange(highest, lowest - 1, -1)
    ends = np.array([grade.below for grade in grades])
    # PDs in [end of the class before, own end); the last takes a PD of 1 as well.
    places = np.minimum(np.searchsorted(ends, curve.pd(scores), side="right"), len(ends) - 1)
    reached = sorted(set(places.tolist()))
    return tuple(
        Step(grades[at].name, None if at == reached[-1] else int(scores[places == at].min()))
        for at in reached
    )


def grade_of(steps: Sequence[Step], score: int) -> str:
    """The class of a score."""
    return next(step.grade for step in steps if step.from_score is None or score >= step.from_score)
