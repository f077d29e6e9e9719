"""Counts per grade as every statistic of this room takes them."""

from __future__ import annotations

from orchestration.credit.columns import Floats, Integers
from orchestration.credit.errors import BadSample


def require_counts(companies: Integers, defaults: Integers) -> None:
    """Refuses counts per grade, shapes (grades,), that cannot both be right."""
    if companies.ndim != 1 or companies.shape != defaults.shape:
        raise BadSample("companies and defaults must be counted over the same grades")
    if (defaults < 0).any() or (defaults > companies).any():
        raise BadSample("a grade has fewer companies than defaults: count both over one cohort")


def require_level(level: float) -> None:
    """Refuses a level of confidence that is no probability."""
    if not 0 < level < 1:
        raise BadSample(f"a level of confidence lies between 0 and 1, and {level} does not")


def require_pd(pd: Floats, companies: Integers) -> None:
    """Refuses PDs of a master scale that leave nothing to test, shape (grades,)."""
    if pd.shape != companies.shape:
        raise BadSample("the master scale must give every grade one PD")
    if not ((pd > 0) & (pd < 1)).all():
        raise BadSample("a PD to be tested lies above 0 and below 1: look at the master scale")
