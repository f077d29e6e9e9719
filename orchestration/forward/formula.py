"""What a purchase model says of a customer: a formula over a history, which SQL follows, too.

A value is purchases to come, times what one brings: expected purchases of the history, expected
spend of a purchase day, and what the bank keeps of spend. The reference of macro purchase_values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from orchestration.forward.buyers import Buyers
from orchestration.forward.points import Told
from orchestration.value.beta_geometric import BetaGeometric
from orchestration.value.gamma_gamma import GammaGamma
from orchestration.value.histories import Floats
from orchestration.value.pareto import Pareto

BETA_GEOMETRIC, PARETO = "beta_geometric", "pareto"
MODELS: dict[str, type[BetaGeometric | Pareto]] = {BETA_GEOMETRIC: BetaGeometric, PARETO: Pareto}
DAYS_A_MONTH = 365.2425 / 12
# Into how many parts of equal length a horizon is divided: one discount for each.
PARTS = 4
# An inverse rate's expected square may have no bound: it is at most so many squared inverses.
_SQUARES = 4


@dataclass(frozen=True)
class Counts:
    """Purchases ahead of who still buys, plain and discounted; shapes (n,)."""

    plain: Floats
    discounted: Floats


@dataclass(frozen=True)
class Formula:
    """A purchase model with times in days, a model of spend, and what spend brings.

    `margin_rate`: contribution per unit spent; `spend_scatter`: standard deviation of what a month
    brings beside that, as a share of its spend; `unsure`: standard error of what customers are
    told, as a share of it.
    """

    purchases: BetaGeometric | Pareto
    spend: GammaGamma
    margin_rate: float
    spend_scatter: float
    unsure: float = 0.0

    @classmethod
    def of(cls, model: str, numbers: Mapping[str, float]) -> Self:
        """From the parameters of a fit, by name."""
        rest = {name: numbers[name] for name in ("margin_rate", "spend_scatter", "unsure")}
        kind = MODELS[model]
        return cls(kind(**_of(kind, numbers)), GammaGamma(**_of(GammaGamma, numbers)), **rest)

    def alive(self, buyers: Buyers) -> Floats:
        """Probability that a customer still buys, shape (n,)."""
        return self.purchases.alive(*buyers.history)

    def expected(self, buyers: Buyers, months: int, discount: float) -> Floats:
        """What customers will bring within `months`, reporting currency, shape (n,)."""
        counts = self._counts(buyers, months, discount)
        a_day = self.margin_rate * self.spend.spend(buyers.days, buyers.average)
        return np.asarray(self.alive(buyers) * counts.discounted * a_day, np.float64)

    def average(self, buyers: Buyers) -> float:
        """What customers will bring on average over their horizon, reporting currency."""
        expected = self.expected(buyers, buyers.horizon_months, buyers.discount)
        return float(buyers.customers @ expected / buyers.customers.sum())

    def level(self, customers: Buyers) -> tuple[float, float]:
        """That average, and its error."""
        average = self.average(customers)
        return average, self.unsure * abs(average)

    def told(self, buyers: Buyers, months: int, discount: float) -> Told:
        """What a customer is told for so many months, shapes (n,)."""
        expected = self.expected(buyers, months, discount)
        return Told(
            expected, self.unsure * np.abs(expected), self._deviation(buyers, months, discount)
        )

    def _counts(self, buyers: Buyers, months: int, discount: float) -> Counts:
        """A part's purchases are discounted as those of its middle, paid at a month's end."""
        frequency, _, age = buyers.history
        ends = [
            self.purchases.purchases(frequency, age, np.asarray(ahead * DAYS_A_MONTH))
            for ahead in (months * part / PARTS for part in range(1, PARTS + 1))
        ]
        parts = np.diff(np.array([np.zeros_like(age), *ends]), axis=0)
        middles = months * (np.arange(PARTS) + 0.5) / PARTS + 0.5
        return Counts(ends[-1], discount**middles @ parts)

    def _deviation(self, buyers: Buyers, months: int, discount: float) -> Floats:
        """How customers scatter: whether and how often they buy, what they spend, and the rest."""
        counts, alive = self._counts(buyers, months, discount), self.alive(buyers)
        shape = self.purchases.r + buyers.days - 1
        number = alive * counts.plain
        number_variance = number + alive * counts.plain**2 * (1 + 1 / shape) - number**2
        inverse, squares = self._inverse_rates(buyers)
        p = self.spend.p
        variance = (
            number * p * squares
            + (number_variance + number**2) * p**2 * (squares - inverse**2)
            + number_variance * (p * inverse) ** 2
        )
        kept = np.divide(
            counts.discounted, counts.plain, out=np.ones_like(number), where=counts.plain > 0
        )
        a_month = number * p * inverse / months
        rest = (self.spend_scatter * a_month) ** 2 * _squares_of_months(months, discount)
        return np.asarray(np.sqrt((self.margin_rate * kept) ** 2 * variance + rest), np.float64)

    def _inverse_rates(self, buyers: Buyers) -> tuple[Floats, Floats]:
        """Expected inverse of a customer's rate of spend, and of its square."""
        shape = self.spend.p * buyers.days + self.spend.q
        total = self.spend.gamma + buyers.spend
        inverse = total / (shape - 1)
        return inverse, inverse * total / np.maximum(shape - 2, (shape - 1) / _SQUARES)


def _squares_of_months(months: int, discount: float) -> float:
    return float((discount ** (2 * np.arange(1.0, months + 1))).sum())


def _of(kind: type[Any], numbers: Mapping[str, float]) -> dict[str, float]:
    return {field.name: numbers[field.name] for field in fields(kind)}
