"""Purchase models: customers come back to pay, until they no longer do, and nobody says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np

from orchestration.forward.buyers import Buyers
from orchestration.forward.fit import NOT_CONVERGED, Fit, Parameter, parameters, too_few
from orchestration.forward.formula import BETA_GEOMETRIC, PARETO, Formula
from orchestration.forward.terms import Terms
from orchestration.value import beta_geometric, gamma_gamma, pareto
from orchestration.value.beta_geometric import BetaGeometric
from orchestration.value.gamma_gamma import GammaGamma
from orchestration.value.histories import Floats, Histories
from orchestration.value.maximum import REGULARISED, Maximum
from orchestration.value.pareto import Pareto

# Of how many histories a fit's level and error are worked out, evenly spread over all.
_LOOKED_AT = 500
_STEP = 1e-4
# An amount that changes no cent.
_NOTHING = 1e-9

_HISTORIES = """
    select purchase_days, recency_days, age_days, spend, count(*)
    from marts.int_forward_customers
    where month = $month and age_days > 0 and spend > 0 and customer_key % $buckets = 0
    group by all order by all
"""
_COUNT = """
    select count(*) from marts.int_forward_customers
    where month = ? and age_days > 0 and spend > 0
"""
_MONTHS = """
    select coalesce(sum(customers), 0), coalesce(sum(contribution), 0), coalesce(sum(spend), 0),
        sum(contribution_squares), sum(contribution_spend), sum(spend_squares)
    from marts.int_purchase_moves
    where month > cast(? as date) - to_months(?) and month <= ?
"""


@dataclass(frozen=True)
class Returns:
    """What months of buyers brought beside what they spent.

    `rate` per unit of spend, with its `error`; `scatter` of a month, as a share of its spend.
    """

    months: int
    rate: float
    error: float
    scatter: float


def fit_purchases(con: duckdb.DuckDBPyConnection, month: date, terms: Terms) -> tuple[Fit, Fit]:
    """BG/NBD and Pareto/NBD with gamma-gamma spend, of who is known at the end of `month`."""
    buyers = _buyers(con, month, terms)
    count = int(buyers.customers.sum())
    returns = _returns(con, month, terms)
    if returns is None:
        nothing = "nothing was spent in the months that are learned from"
        return _refused(count, terms, nothing)
    least = min(count, returns.months)
    if least < terms.least_months:
        return _refused(least, terms)
    histories = _counted(buyers)
    spend, of_spend = gamma_gamma.fit_gamma_gamma(buyers.days, buyers.average, buyers.customers)
    spend, of_spend = _bounded(spend, of_spend)
    some = buyers.some(_LOOKED_AT)
    fits = []
    for model, names, fit in (
        (BETA_GEOMETRIC, beta_geometric.NAMES, beta_geometric.fit_beta_geometric),
        (PARETO, pareto.NAMES, pareto.fit_pareto),
    ):
        purchases, of_purchases = fit(histories)
        told = _Learned(purchases, of_purchases, names, spend, of_spend, returns)
        fits.append(told.fit(model, count, some))
    return fits[0], fits[1]


def _refused(seen: int, terms: Terms, reason: str = "") -> tuple[Fit, Fit]:
    fits = (too_few(model, seen, terms.least_months) for model in (BETA_GEOMETRIC, PARETO))
    one, other = (replace(fit, reason=reason or fit.reason) for fit in fits)
    return one, other


def _buyers(con: duckdb.DuckDBPyConnection, month: date, terms: Terms) -> Buyers:
    """All of them, or of a large bank those whose keys, which are random, fall into one bucket."""
    row = con.execute(_COUNT, [month]).fetchone()
    assert row is not None
    buckets = max(1, -(-int(row[0]) // terms.fit_customers))
    asked = {"month": month, "buckets": buckets}
    columns = con.execute(_HISTORIES, asked).fetchnumpy()
    days, recency, age, spend, customers = (
        np.asarray(column, np.float64) for column in columns.values()
    )
    return Buyers(days, recency, age, spend, customers, terms.horizon_months, terms.discount)


def _counted(buyers: Buyers) -> Histories:
    """Rows of one history are neighbours: amounts apart, they are counted together."""
    rows = np.column_stack(buyers.history)
    first = np.append(True, (rows[1:] != rows[:-1]).any(axis=1))
    starts = np.flatnonzero(first)
    frequency, recency, age = rows[starts].T
    return Histories(frequency, recency, age, np.add.reduceat(buyers.customers, starts))


def _returns(con: duckdb.DuckDBPyConnection, month: date, terms: Terms) -> Returns | None:
    """What buyers brought beside their spend; None where nothing was spent."""
    row = con.execute(_MONTHS, [month, terms.window_months, month]).fetchone()
    assert row is not None
    months, brought, spent = int(row[0]), float(row[1]), float(row[2])
    if months == 0 or spent <= 0:
        return None
    rate = brought / spent
    squares, products, spent_squares = (float(number) for number in row[3:])
    off = max(squares - 2 * rate * products + rate**2 * spent_squares, 0.0)
    return Returns(months, rate, float(np.sqrt(off)) / spent, float(np.sqrt(off / spent_squares)))


def _bounded(spend: GammaGamma, found: Maximum) -> tuple[GammaGamma, Maximum]:
    """Where everybody's average has no bound (q up to 1), nobody is drawn towards it.

    With q at 1 and gamma at nothing a customer is expected to spend what the customer spent on
    average; nothing of that is unsure but p, which only says how single amounts scatter.
    """
    if spend.q > 1:
        return spend, found
    own = GammaGamma(spend.p, 1.0, _NOTHING)
    certain = np.zeros_like(found.covariance)
    certain[0, 0] = found.covariance[0, 0]
    logs = np.log([own.p, own.q, own.gamma])
    return own, replace(found, logs=logs, covariance=certain, status=REGULARISED)


@dataclass(frozen=True)
class _Learned:
    """The parts of a purchase model, each with where its likelihood was highest."""

    purchases: BetaGeometric | Pareto
    of_purchases: Maximum
    names: tuple[str, ...]
    spend: GammaGamma
    of_spend: Maximum
    returns: Returns

    def fit(self, model: str, count: int, some: Buyers) -> Fit:
        """The fit, with how unsure its level is."""
        wrong = self._wrong()
        formula = Formula(self.purchases, self.spend, self.returns.rate, self.returns.scatter)
        if not wrong:
            formula = replace(formula, unsure=self._unsure(formula, some))
        return Fit(
            model,
            count,
            some,
            formula,
            status=NOT_CONVERGED if wrong else self._status(),
            reason=wrong,
            parameters=(
                *parameters(self.names, self.of_purchases),
                *parameters(gamma_gamma.NAMES, self.of_spend),
                Parameter("margin_rate", self.returns.rate, self.returns.error),
                Parameter("spend_scatter", self.returns.scatter, 0.0),
                Parameter("unsure", formula.unsure, 0.0),
            ),
            log_likelihood=self.of_purchases.log_likelihood + self.of_spend.log_likelihood,
            steepness=max(self.of_purchases.steepness, self.of_spend.steepness),
        )

    def _wrong(self) -> str:
        for what, found in (("purchases", self.of_purchases), ("spend", self.of_spend)):
            if not found.has_converged:
                return f"a slope of {found.steepness:.1e} is left in {what}"
        return ""

    def _status(self) -> str:
        found = {self.of_purchases.status, self.of_spend.status}
        return REGULARISED if REGULARISED in found else self.of_purchases.status

    def _unsure(self, formula: Formula, some: Buyers) -> float:
        """Standard error of the level, as a share of it: every part's, by the delta method."""

        def of_purchases(logs: Floats) -> float:
            purchases = type(self.purchases)(*np.exp(logs))
            return replace(formula, purchases=purchases).average(some)

        def of_spend(logs: Floats) -> float:
            return replace(formula, spend=GammaGamma(*np.exp(logs))).average(some)

        level = formula.average(some)
        if level == 0:
            return 0.0
        variance = _variance(of_purchases, self.of_purchases)
        variance += _variance(of_spend, self.of_spend)
        rate = self.returns.error / self.returns.rate
        return float(np.sqrt(variance / level**2 + rate**2))


def _variance(of: Callable[[Floats], float], found: Maximum) -> float:
    steps = _STEP * np.eye(len(found.logs))
    slope = np.array(
        [(of(found.logs + step) - of(found.logs - step)) / (2 * _STEP) for step in steps]
    )
    return max(float(slope @ found.covariance @ slope), 0.0)
