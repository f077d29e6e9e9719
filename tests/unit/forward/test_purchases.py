"""Purchase models: planted customers are told what comes, and what teaches nothing is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.forward.buyers import Buyers
from orchestration.forward.fit import NOT_CONVERGED, TOO_FEW
from orchestration.forward.formula import BETA_GEOMETRIC, DAYS_A_MONTH, MODELS, PARETO, Formula
from orchestration.forward.purchases import fit_purchases
from orchestration.forward.store import last_good, write
from orchestration.forward.terms import Terms, read_terms
from orchestration.value.beta_geometric import BetaGeometric
from orchestration.value.gamma_gamma import GammaGamma
from orchestration.value.histories import Floats
from orchestration.value.maximum import REGULARISED
from orchestration.value.pareto import Pareto
from tests.unit.forward.bank import empty_bank, month

CUSTOMERS = 4_000
YEARS = 3 * 365
RATE = 0.02
PURCHASES, SPEND = BetaGeometric(1.2, 40.0, 1.0, 25.0), GammaGamma(4.0, 6.0, 60.0)


@dataclass(frozen=True)
class Simulated:
    """Buyers as known after three years, and what they spend in the months after."""

    buyers: pd.DataFrame
    spent_ahead: Floats


def simulate(seed: int, ahead: float) -> Simulated:
    """Customers by the models' own story, one after the other."""
    rng = np.random.default_rng(seed)
    rows, later = [], []
    for customer in range(CUSTOMERS):
        rate = rng.gamma(PURCHASES.r, 1 / PURCHASES.alpha)
        stops = rng.beta(PURCHASES.a, PURCHASES.b)
        amounts = rng.gamma(SPEND.q, 1 / SPEND.gamma)
        age = float(rng.integers(30, YEARS))
        times, now = [0.0], 0.0
        while True:
            now += rng.exponential(1 / rate)
            if now > age + ahead:
                break
            times.append(now)
            if rng.random() < stops:
                break
        spends = rng.gamma(SPEND.p, 1 / amounts, len(times))
        known = np.array(times) <= age
        rows.append((customer, known.sum(), np.array(times)[known][-1], age, spends[known].sum()))
        later.append(spends[~known].sum())
    columns = ["customer_key", "purchase_days", "recency_days", "age_days", "spend"]
    return Simulated(pd.DataFrame(rows, columns=columns), np.array(later))


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return simulate(3, 6 * DAYS_A_MONTH)


def landed(
    buyers: pd.DataFrame, rate: float = RATE, spent: float = 1000.0
) -> duckdb.DuckDBPyConnection:
    """The buyers at the end of a month, in which each of them brought that rate of 1000."""
    con = empty_bank()
    shown = buyers.assign(
        month=month(0),
        recency_days=np.where(buyers.purchase_days == 1, 0, np.ceil(buyers.recency_days)),
        age_days=np.ceil(buyers.age_days),
    )
    con.register("shown", shown)
    con.execute("insert into marts.int_forward_customers by name select * from shown")
    con.execute(
        "insert into marts.int_purchase_moves values (?, ?, ?, ?, ?, ?, ?)",
        [month(0), 100, 100 * spent * rate, 100 * spent, 100 * (spent * rate) ** 2,
         100 * spent**2, 100 * spent**2 * rate],
    )  # fmt: skip
    return con


def terms(con: duckdb.DuckDBPyConnection) -> Terms:
    return read_terms(con, date(2022, 1, 31))


def as_buyers(frame: pd.DataFrame, of: Terms) -> Buyers:
    days, recency, age, spend = (
        frame[name].to_numpy(float)
        for name in ("purchase_days", "recency_days", "age_days", "spend")
    )
    return Buyers(days, recency, age, spend, np.ones(len(days)), of.horizon_months, of.discount)


@pytest.mark.parametrize("place", [0, 1])
def test_what_was_planted_comes(simulated: Simulated, place: int) -> None:
    """In all within the fit's own error and chance; of customers nine tenths in their interval."""
    con = landed(simulated.buyers)
    fit = fit_purchases(con, month(0), terms(con))[place]
    assert fit.is_good
    assert isinstance(fit.says, Formula)
    assert fit.observations == CUSTOMERS
    told = fit.says.told(as_buyers(simulated.buyers, terms(con)), 6, 1.0)
    came = RATE * simulated.spent_ahead
    chance = float(np.hypot(told.error.sum(), np.sqrt((told.deviation**2).sum())))
    assert abs(told.expected.sum() - came.sum()) < 3 * chance
    width = 1.645 * np.hypot(told.error, told.deviation)
    assert 0.87 < float((np.abs(came - told.expected) <= width).mean()) < 0.98
    assert float(np.corrcoef(told.expected, came)[0, 1]) > 0.5


def test_parameters_are_found_within_their_errors(simulated: Simulated) -> None:
    con = landed(simulated.buyers)
    found = {p.name: p for p in fit_purchases(con, month(0), terms(con))[0].parameters}
    planted = {"r": 1.2, "alpha": 40.0, "a": 1.0, "b": 25.0, "p": 4.0, "q": 6.0, "gamma": 60.0}
    for name, value in planted.items():
        # Days are whole ones: a little more than the errors of moments.
        assert abs(found[name].value - value) < 4 * found[name].error
    assert found["margin_rate"].value == pytest.approx(RATE)
    assert found["spend_scatter"].value == pytest.approx(0, abs=1e-6)
    assert 0 < found["unsure"].value < 0.2


@pytest.mark.parametrize("model", list(MODELS))
def test_a_good_fit_is_read_back(simulated: Simulated, model: str) -> None:
    con = landed(simulated.buyers[:300])
    of = terms(con)
    fit = fit_purchases(con, month(0), of)[list(MODELS).index(model)]
    write(con, month(0), fit, of, "code")
    assert last_good(con, model, month(0)) is None
    assert last_good(con, model, month(1)) == fit.says


def test_a_margin_may_be_a_loss(simulated: Simulated) -> None:
    con = landed(simulated.buyers[:300], rate=-0.01)
    level = fit_purchases(con, month(0), terms(con))[0].level
    assert level is not None
    assert level[0] < 0 < level[1]


def test_too_few_buyers_teach_nothing(simulated: Simulated) -> None:
    con = landed(simulated.buyers[:29])
    for fit in fit_purchases(con, month(0), terms(con)):
        assert (fit.status, fit.level) == (TOO_FEW, None)
        assert "29 customer months are fewer" in fit.reason


def test_a_large_bank_is_learned_from_in_part(simulated: Simulated) -> None:
    """Whoever falls into a bucket, the same ones in every run."""
    con = landed(simulated.buyers)
    of = replace(terms(con), fit_customers=1_000)
    one, other = (fit_purchases(con, month(0), of)[0] for _ in range(2))
    assert one.observations == CUSTOMERS // 4
    assert one.parameters == other.parameters
    whole = fit_purchases(con, month(0), terms(con))[0]
    for part, all_of_it in zip(one.parameters[:7], whole.parameters[:7], strict=True):
        assert abs(part.value - all_of_it.value) < 4 * part.error


def test_nothing_spent_teaches_nothing(simulated: Simulated) -> None:
    con = landed(simulated.buyers[:100], spent=0)
    for fit in fit_purchases(con, month(0), terms(con)):
        assert fit.status == TOO_FEW
        assert "nothing was spent" in fit.reason


def test_without_a_bound_a_customer_s_own_average_stands(simulated: Simulated) -> None:
    """Amounts that scatter over twenty orders of magnitude have no average to be drawn to."""
    wild = simulated.buyers[:400].copy()
    wild["purchase_days"] = 1
    wild["spend"] = np.exp(np.random.default_rng(1).normal(0, 9, len(wild))).round(2) + 0.01
    con = landed(wild)
    fit = fit_purchases(con, month(0), terms(con))[0]
    assert fit.status == REGULARISED
    assert isinstance(fit.says, Formula)
    buyers = as_buyers(wild, terms(con))
    spend = fit.says.spend.spend(buyers.days, buyers.average)
    np.testing.assert_allclose(spend, wild.spend, rtol=1e-6)


def test_alike_buyers_are_held_by_a_prior() -> None:
    """Everybody came once, yesterday."""
    alike = pd.DataFrame(
        {"customer_key": range(50), "purchase_days": 1, "recency_days": 0, "age_days": 1,
         "spend": 10}
    )  # fmt: skip
    con = landed(alike)
    for fit in fit_purchases(con, month(0), terms(con)):
        assert fit.status in ("regularised", NOT_CONVERGED)
        if fit.is_good:
            assert fit.level is not None
            assert np.isfinite(fit.level).all()


def test_discounts_are_those_of_months() -> None:
    """At a steady rate, parts of a horizon discount as its months do, to a thousandth."""
    steady = Formula(Pareto(1e6, 1e6 * 10, 1e-6, 1e6), GammaGamma(2.0, 3.0, 2.0), 1.0, 0.0)
    discount = 1.08 ** (-1 / 12)
    buyers = Buyers(*(np.array([x]) for x in (1.0, 0.0, 10.0, 1.0, 1.0)), 36, discount)
    value = steady.expected(buyers, 36, discount)[0]
    a_month = steady.expected(buyers, 1, 1.0)[0]
    assert value == pytest.approx(a_month * (discount ** np.arange(1, 37)).sum(), rel=1e-3)
    assert steady.expected(buyers, 36, 1.0)[0] == pytest.approx(36 * a_month, rel=1e-4)


def test_scatter_is_that_of_simulated_customers() -> None:
    """One history, many customers: mean and deviation of what they spend are the formula's."""
    rng = np.random.default_rng(11)
    formula = Formula(PURCHASES, SPEND, 1.0, 0.0)
    history = (20.0, 500.0, 510.0, 20 * 13.0)
    buyers = Buyers(*(np.array([x]) for x in (*history, 1.0)), 12, 1.0)
    told = formula.told(buyers, 12, 1.0)
    n, days = 40_000, 12 * DAYS_A_MONTH
    rate = rng.gamma(PURCHASES.r + 19, 1 / (PURCHASES.alpha + 510), n)
    stops = rng.beta(PURCHASES.a, PURCHASES.b + 19, n)
    inverse = 1 / rng.gamma(SPEND.p * 20 + SPEND.q, 1 / (SPEND.gamma + 20 * 13), n)
    there = rng.random(n) < formula.alive(buyers)[0]
    number = np.minimum(rng.poisson(rate * days), rng.geometric(stops)) * there
    spent = rng.gamma(SPEND.p * np.maximum(number, 1e-9)) * inverse
    assert told.expected[0] == pytest.approx(spent.mean(), rel=0.03)
    assert told.deviation[0] == pytest.approx(spent.std(), rel=0.15)


def test_equal_histories_are_counted_together(simulated: Simulated) -> None:
    """Twice the customers: the same parameters, errors smaller by root two."""
    once = landed(simulated.buyers[:500])
    twice = landed(pd.concat([simulated.buyers[:500]] * 2))
    one, two = (fit_purchases(con, month(0), terms(con))[0] for con in (once, twice))
    for single, double in zip(one.parameters[:7], two.parameters[:7], strict=True):
        assert double.value == pytest.approx(single.value, rel=1e-4)
        assert double.error == pytest.approx(single.error / np.sqrt(2), rel=1e-3)


def test_models_are_asked_of_one_formula() -> None:
    assert list(MODELS) == [BETA_GEOMETRIC, PARETO]
    numbers = {"r": 1.0, "alpha": 2.0, "a": 3.0, "b": 4.0, "p": 5.0, "q": 6.0, "gamma": 7.0,
               "margin_rate": 8.0, "spend_scatter": 9.0, "unsure": 0.1}  # fmt: skip
    formula = Formula.of(BETA_GEOMETRIC, numbers)
    assert formula == replace(formula, purchases=BetaGeometric(1.0, 2.0, 3.0, 4.0))
    assert formula.unsure == 0.1
