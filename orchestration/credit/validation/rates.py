"""Default rates per grade: how well a few companies bear them out, and whether they rise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.stats import beta, hypergeom

from orchestration.credit.columns import Floats, Integers
from orchestration.credit.validation.counts import require_counts, require_level


@dataclass(frozen=True)
class Rates:
    """Of each grade, shapes (grades,).

    A grade without companies has no rate (nan), and an interval that says so: from 0 to 1.
    """

    companies: Integers
    defaults: Integers
    rate: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Inversion:
    """A better grade that defaults more often than the next worse one with companies.

    `p_value`: how often two grades of one rate would come out so far the wrong way round, or
    further (Fisher's exact test, one-sided). A small one is an error of order, a large one chance.
    """

    better: int
    worse: int
    p_value: float


def default_rates(companies: Integers, defaults: Integers, level: float) -> Rates:
    """With Clopper and Pearson's intervals: exact, so never narrower than the level they promise.

    Source: Clopper, Pearson (1934), Biometrika 26 (4).
    """
    require_counts(companies, defaults)
    require_level(level)
    tail = (1 - level) / 2
    survivors = companies - defaults
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(companies > 0, defaults / companies, np.nan)
        # A beta of no width is nan, where the end is known without it.
        low = np.where(defaults > 0, beta.ppf(tail, defaults, survivors + 1), 0.0)
        high = np.where(survivors > 0, beta.ppf(1 - tail, defaults + 1, survivors), 1.0)
    return Rates(companies, defaults, rate, low, high)


def inversions(companies: Integers, defaults: Integers) -> list[Inversion]:
    """Neighbours whose default rates fall where they should rise; empty grades are stepped over."""
    require_counts(companies, defaults)
    return [
        Inversion(better, worse, _fisher(companies, defaults, better, worse))
        for better, worse in _neighbours(companies)
        # Compared as whole numbers: rates that are equal must not differ by a rounding.
        if int(defaults[better]) * int(companies[worse])
        > int(defaults[worse]) * int(companies[better])
    ]


def _neighbours(companies: Integers) -> Iterator[tuple[int, int]]:
    filled = np.flatnonzero(companies).tolist()
    yield from pairwise(filled)


def _fisher(companies: Integers, defaults: Integers, better: int, worse: int) -> float:
    """At least so many of both grades' defaults in the better one."""
    both = int(companies[better] + companies[worse])
    lost = int(defaults[better] + defaults[worse])
    return float(hypergeom.sf(defaults[better] - 1, both, lost, companies[better]))
