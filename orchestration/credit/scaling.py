"""From odds to points and back: so many points double the odds."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from orchestration.credit.columns import Floats
from orchestration.credit.policy import Scaling


@dataclass(frozen=True)
class Points:
    """score = offset + factor * ln(good : bad)."""

    factor: float
    offset: float

    def of_bin(self, intercept: float, coefficient: float, evidence: Floats, of: int) -> Floats:
        """A feature's bins in points, unrounded; what is not any feature's is shared by all."""
        share = (self.offset + self.factor * intercept) / of
        points: Floats = share + self.factor * coefficient * evidence
        return points


def points(scaling: Scaling) -> Points:
    """Factor and offset of a scale: base odds at the base score, doubled by so many points."""
    factor = scaling.points_to_double / log(2)
    return Points(factor, scaling.base_score - factor * log(scaling.base_odds))


def whole(exact: float | None) -> int | None:
    """Points as they are added up: whole ones, halves to the even."""
    return None if exact is None else round(exact)
