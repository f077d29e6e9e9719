"""Whether a rating tells companies apart at all, or gives most of them one grade."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.credit.columns import Integers
from orchestration.credit.errors import BadSample


@dataclass(frozen=True)
class Concentration:
    """Herfindahl and Hirschman's index of companies over grades, the sum of squared shares.

    `normalised`: from 0, all grades alike, to 1, one grade for all; none of a scale of one grade.
    `effective`: so many grades, filled alike, would be as concentrated.
    """

    index: float
    normalised: float | None
    effective: float


def concentration(companies: Integers) -> Concentration | None:
    """Of counts per grade, shape (grades,), empty grades of the scale counted; none of nobody."""
    if companies.ndim != 1 or (companies < 0).any():
        raise BadSample("companies must be counted once per grade, and no count lies below 0")
    total, grades = int(companies.sum()), len(companies)
    if not total:
        return None
    index = float(((companies / total) ** 2).sum())
    normalised = (index - 1 / grades) / (1 - 1 / grades) if grades > 1 else None
    return Concentration(index, normalised, 1 / index)
