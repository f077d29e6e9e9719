"""Tests of PDs against sums, integrals and draws."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.stats import poisson_binom

from orchestration.credit.errors import BadSample
from orchestration.credit.validation.calibration import (
    binomial,
    binomial_high,
    holm,
    hosmer_lemeshow,
    hosmer_lemeshow_drawn,
    jeffreys,
    total,
)

PD = np.array([0.01, 0.05, 0.2])


@pytest.mark.parametrize(("n", "k", "pd"), [(2, 1, 0.1), (50, 3, 0.02), (20, 0, 0.3), (5, 5, 0.4)])
def test_binomial_is_the_sum_of_its_terms(n: int, k: int, pd: float) -> None:
    plain = sum(math.comb(n, j) * pd**j * (1 - pd) ** (n - j) for j in range(k, n + 1))
    assert binomial(np.array([n]), np.array([k]), np.array([pd]))[0] == pytest.approx(plain)


def test_binomial_by_hand() -> None:
    """At least one of two at 10 %: 1 less 0.9 squared."""
    assert binomial(np.array([2]), np.array([1]), np.array([0.1]))[0] == pytest.approx(0.19)


@pytest.mark.parametrize(("n", "k", "pd"), [(2, 1, 0.1), (50, 3, 0.02), (20, 0, 0.3), (5, 5, 0.4)])
def test_the_other_tail_is_the_sum_of_its_terms(n: int, k: int, pd: float) -> None:
    plain = sum(math.comb(n, j) * pd**j * (1 - pd) ** (n - j) for j in range(k + 1))
    assert binomial_high(np.array([n]), np.array([k]), np.array([pd]))[0] == pytest.approx(plain)


@pytest.mark.parametrize("seen", [[0, 0, 0], [1, 0, 2], [4, 0, 3]])
def test_the_total_is_the_sum_over_everybody_s_fate(seen: list[int]) -> None:
    """Seven companies, 128 ways in which they can end."""
    companies, defaults = np.array([4, 0, 3]), np.array(seen)
    many = few = 0.0
    for fates in itertools.product((False, True), repeat=7):
        chances = zip(np.repeat(PD, companies), fates, strict=True)
        chance = math.prod(pd if lost else 1 - pd for pd, lost in chances)
        many += chance * (sum(fates) >= defaults.sum())
        few += chance * (sum(fates) <= defaults.sum())
    found = total(companies, defaults, PD)
    assert found is not None
    assert (found.as_many, found.as_few) == pytest.approx((many, few), rel=1e-12)
    assert found.p_value == pytest.approx(min(1, 2 * many, 2 * few))


def test_the_total_of_one_grade_is_the_grade_s() -> None:
    one = np.array([300]), np.array([9]), np.array([0.05])
    found = total(*one)
    assert found is not None
    assert (found.as_many, found.as_few) == pytest.approx(
        (binomial(*one)[0], binomial_high(*one)[0])
    )


def test_the_total_is_that_of_companies_one_by_one() -> None:
    companies, defaults = np.array([700, 400, 150]), np.array([2, 14, 29])
    found = total(companies, defaults, PD)
    law = poisson_binom(np.repeat(PD, companies))
    assert found is not None
    assert (found.as_many, found.as_few) == pytest.approx((law.sf(44), law.cdf(45)))


def test_pds_far_too_high_are_told_by_the_total() -> None:
    """Of 849 none defaulted, and 17.9 were expected: a chance of one in a hundred million."""
    found = total(np.array([500, 349]), np.array([0, 0]), np.array([0.01, 0.03696]))
    assert found is not None
    assert found.as_many == 1
    assert found.p_value == pytest.approx(2 * 0.99**500 * (1 - 0.03696) ** 349)


@pytest.mark.parametrize(
    ("n", "k", "pd"), [(10, 0, 0.02), (100, 3, 0.01), (30, 30, 0.9), (8, 2, 0.2)]
)
def test_jeffreys_is_its_integral(n: int, k: int, pd: float) -> None:
    """With rate = sin² the density is a product of powers of sine and cosine, without poles."""

    def area(end: float) -> float:
        at = np.linspace(0, end, 20_001)
        return float(np.trapezoid(np.sin(at) ** (2 * k) * np.cos(at) ** (2 * (n - k)), at))

    plain = area(math.asin(math.sqrt(pd))) / area(math.pi / 2)
    found = jeffreys(np.array([n]), np.array([k]), np.array([pd]))[0]
    assert found == pytest.approx(plain, rel=1e-6)


def test_more_defaults_speak_louder_against_a_pd() -> None:
    n, pd = np.full(6, 50), np.full(6, 0.04)
    for test in (binomial, jeffreys):
        assert (np.diff(test(n, np.arange(6), pd)) < 0).all()
    assert (np.diff(binomial_high(n, np.arange(6), pd)) > 0).all()


def test_holm_by_hand() -> None:
    """Times 4, 3, 2, 1 from the smallest, and none below the one before."""
    found = holm(np.array([0.01, 0.04, np.nan, 0.03, 0.005]))
    assert found == pytest.approx([0.03, 0.06, np.nan, 0.06, 0.02], nan_ok=True)
    assert holm(np.array([0.6, 0.7])) == pytest.approx([1, 1])


def test_hosmer_lemeshow_by_hand() -> None:
    """5 more than 10 expected of 100, variance 9; 1 fewer than 2 of 4, variance 1."""
    found = hosmer_lemeshow(np.array([100, 0, 4]), np.array([15, 0, 1]), np.array([0.1, 0.3, 0.5]))
    assert found.statistic == pytest.approx(25 / 9 + 1)
    assert found.degrees == 2
    assert found.p_value == pytest.approx(math.exp(-found.statistic / 2))


def test_p_values_of_hosmer_lemeshow_are_those_of_draws() -> None:
    companies = np.array([2000, 1500, 800])
    seen = np.array([29, 66, 179])
    random = np.random.default_rng(3)
    drawn = random.binomial(companies, PD, (20_000, 3))
    missed = ((drawn - companies * PD) ** 2 / (companies * PD * (1 - PD))).sum(axis=1)
    found = hosmer_lemeshow(companies, seen, PD)
    assert found.p_value == pytest.approx((missed >= found.statistic).mean(), abs=0.01)


def test_drawn_p_values_are_exact_where_few_are_expected() -> None:
    """One grade of 20 at 1 %: 2 or more defaults are as far off as 2, by chance 1.7 % of times."""
    n, seen, pd = np.array([20, 0]), np.array([2, 0]), np.array([0.01, 0.5])
    exact = binomial(n, seen, pd)[0]
    assert hosmer_lemeshow_drawn(n, seen, pd, 50_000, 1) == pytest.approx(exact, abs=0.002)
    assert hosmer_lemeshow(n, seen, pd).p_value < exact / 100, "chi-squared is far too sure"
    assert hosmer_lemeshow_drawn(n, np.array([20, 0]), pd, 99, 1) == pytest.approx(0.01)


def test_a_grade_of_nobody_and_a_cohort_of_nobody_tell_nothing() -> None:
    nobody = np.zeros(3, np.int64)
    assert np.isnan(binomial(nobody, nobody, PD)).all()
    assert np.isnan(binomial_high(nobody, nobody, PD)).all()
    assert np.isnan(jeffreys(nobody, nobody, PD)).all()
    assert total(nobody, nobody, PD) is None
    assert hosmer_lemeshow(nobody, nobody, PD).p_value is None
    assert hosmer_lemeshow_drawn(nobody, nobody, PD, 10, 1) is None


def test_a_cohort_without_a_default_is_no_case_against_a_pd() -> None:
    companies, none = np.array([10, 20, 30]), np.zeros(3, np.int64)
    assert binomial(companies, none, PD) == pytest.approx([1, 1, 1])
    assert (jeffreys(companies, none, PD) > 0.3).all()
    found = hosmer_lemeshow(companies, none, PD)
    assert found.statistic == pytest.approx((companies * PD / (1 - PD)).sum())


def test_what_cannot_be_tested_is_refused() -> None:
    one = np.array([1])
    with pytest.raises(BadSample, match="every grade one PD"):
        binomial(one, one, PD)
    with pytest.raises(BadSample, match="above 0 and below 1"):
        jeffreys(one, one, np.array([0.0]))
    with pytest.raises(BadSample, match="above 0 and below 1"):
        total(one, one, np.array([1.0]))
    with pytest.raises(BadSample, match="every grade one PD"):
        binomial_high(one, one, PD)
    with pytest.raises(BadSample, match="nothing to test"):
        hosmer_lemeshow(one, one, np.array([0.5]), fitted=1)
