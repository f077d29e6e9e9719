"""Whether a master scale's PDs bear out, grade by grade and all together.

All tests take defaults of one cohort to be independent. They are not: they come together in bad
years, so that in a bad year these tests reject more often, and in a good one less often, than they
say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy.stats import beta, binom, chi2

from orchestration.credit.columns import Floats, Integers
from orchestration.credit.errors import BadSample
from orchestration.credit.validation.counts import require_counts, require_pd

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Total:
    """Chances of all grades' defaults together, were every PD right.

    `as_many`, `as_few`: of so many or more, and of so few or fewer. A small one says that the PDs
    are too low, or too high, on the whole.
    """

    as_many: float
    as_few: float

    @property
    def p_value(self) -> float:
        """Of both sides: twice the smaller tail, at most 1."""
        return min(1.0, 2 * min(self.as_many, self.as_few))


@dataclass(frozen=True)
class HosmerLemeshow:
    """The squared distance of defaults from what was expected, over all grades.

    `p_value`: how often right PDs would miss by as much, or more; none without a company.
    """

    statistic: float
    degrees: int
    p_value: float | None


def binomial(companies: Integers, defaults: Integers, pd: Floats) -> Floats:
    """Of each grade the chance of as many defaults or more, were the PD right; nan without any.

    A small value says that the PD is too low. Shapes (grades,).
    """
    require_counts(companies, defaults)
    require_pd(pd, companies)
    return np.where(companies > 0, binom.sf(defaults - 1, companies, pd), np.nan)


def binomial_high(companies: Integers, defaults: Integers, pd: Floats) -> Floats:
    """Of each grade the chance of as few defaults or fewer, were the PD right; nan without any.

    A small value says that the PD is too high. Shapes (grades,).
    """
    require_counts(companies, defaults)
    require_pd(pd, companies)
    return np.where(companies > 0, binom.cdf(defaults, companies, pd), np.nan)


def total(companies: Integers, defaults: Integers, pd: Floats) -> Total | None:
    """Both tails of the defaults of all grades together, to rounding; shapes (grades,).

    A sum of binomials with a PD each (Poisson's binomial), convolved grade by grade up to what was
    seen: company by company, as scipy has it, takes time by their square. None of nobody. Source:
    Hong (2013), Computational Statistics and Data Analysis 59.
    """
    require_counts(companies, defaults)
    require_pd(pd, companies)
    if not companies.any():
        return None
    seen = int(defaults.sum())
    each = binom.pmf(np.arange(seen + 1)[:, None], companies, pd).T
    up_to = reduce(lambda some, more: np.convolve(some, more)[: seen + 1], each)
    as_few = min(1.0, float(up_to.sum()))
    return Total(as_many=max(0.0, 1 - float(up_to[:-1].sum())), as_few=as_few)


def jeffreys(companies: Integers, defaults: Integers, pd: Floats) -> Floats:
    """Of each grade the belief that its true rate is at most the PD, after what was seen.

    A small value says that the PD is too low. The belief before is Jeffreys', Beta(1/2, 1/2), so
    that a grade that nobody defaulted in has a finite answer, and a grade without companies
    nothing to tell (nan). Source: European Central Bank (2019), Instructions for reporting the
    validation results of internal models, 2.5.
    """
    require_counts(companies, defaults)
    require_pd(pd, companies)
    seen = beta.cdf(pd, defaults + 0.5, companies - defaults + 0.5)
    return np.where(companies > 0, seen, np.nan)


def holm(p_values: Floats) -> Floats:
    """p-values made larger, so that one of them small speaks although many were looked at.

    nan stays nan and is not counted. Source: Holm (1979), Scandinavian Journal of Statistics 6 (2).
    """
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    times = np.arange(len(order), 0, -1)
    found = np.full(p_values.shape, np.nan)
    found[order] = np.minimum(1.0, np.maximum.accumulate(times * p_values[order]))
    return found


def hosmer_lemeshow(
    companies: Integers, defaults: Integers, pd: Floats, fitted: int = 0
) -> HosmerLemeshow:
    """Over grades with companies; `fitted`: how many numbers the PDs took from these very defaults.

    A master scale that was there before has none, and each grade is a degree of freedom; Hosmer and
    Lemeshow's own count of groups less 2 is for PDs by a logistic regression of the same rows. The
    p-value is chi-squared's, which wants some five defaults expected of each grade.
    """
    require_counts(companies, defaults)
    require_pd(pd, companies)
    filled = companies > 0
    degrees = int(filled.sum()) - fitted
    statistic = float(_distance(companies[filled], defaults[filled], pd[filled]))
    if not filled.any():
        return HosmerLemeshow(statistic, 0, None)
    if degrees < 1:
        raise BadSample(
            f"{int(filled.sum())} grades with companies leave nothing to test PDs by that took "
            f"{fitted} numbers from them"
        )
    return HosmerLemeshow(statistic, degrees, float(chi2.sf(statistic, degrees)))


def hosmer_lemeshow_drawn(
    companies: Integers, defaults: Integers, pd: Floats, draws: int, seed: int
) -> float | None:
    """The p-value by drawing defaults from the PDs, right however few are expected.

    What was seen counts as one of the draws, so that nothing is called impossible; none of nobody.
    Source: Davison, Hinkley (1997), Bootstrap Methods and their Application, 4.2.
    """
    seen = hosmer_lemeshow(companies, defaults, pd)
    if seen.p_value is None:
        return None
    filled = companies > 0
    n, chance = companies[filled], pd[filled]
    drawn = np.random.default_rng(seed).binomial(n, chance, (draws, len(n)))
    # A draw that equals what was seen must not fall behind it by a rounding.
    as_far = _distance(n, drawn, chance) >= seen.statistic * (1 - _ROUNDING)
    return float((1 + as_far.sum()) / (1 + draws))


def _distance(companies: Integers, defaults: Integers, pd: Floats) -> Floats:
    expected = companies * pd
    found: Floats = ((defaults - expected) ** 2 / (expected * (1 - pd))).sum(axis=-1)
    return found
