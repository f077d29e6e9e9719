"""The numbers of policy by which a month's fits are made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
from scipy.stats import norm

_NUMBERS = """
    select substr(parameter, length('forward_') + 1), value
    from policy.policy_parameter
    where starts_with(parameter, 'forward_')
        and valid_from <= $day and coalesce(valid_to > $day, true)
"""
_VERSION = """
    select 'forward@' || max(valid_from) from policy.policy_parameter
    where starts_with(parameter, 'forward_')
        and valid_from <= $day and coalesce(valid_to > $day, true)
"""


@dataclass(frozen=True)
class Terms:
    """Policy in force on the last day of a month.

    `horizon_months` a value looks ahead, discounted by `discount_rate` a year; `test_months` a
    test does, undiscounted. `window_months` of movements are learned from, `smoothing` moves a
    state added, at least `least_months` customer months; and histories of `fit_customers` at most.
    `interval_share` of what happens is to lie in an interval; a level that moves by more than
    `drift_share` is not believed.
    """

    horizon_months: int
    test_months: int
    window_months: int
    discount_rate: Decimal
    smoothing: Decimal
    least_months: int
    fit_customers: int
    interval_share: Decimal
    drift_share: Decimal
    policy_version: str

    @property
    def discount(self) -> float:
        """The factor of a month."""
        return math.pow(1 + float(self.discount_rate), -1 / 12)

    @property
    def quantile(self) -> float:
        """How many standard deviations an interval reaches to each side."""
        return float(norm.ppf((1 + float(self.interval_share)) / 2))


def read_terms(con: duckdb.DuckDBPyConnection, day: date) -> Terms:
    """The terms of a day; the policy gate has seen that each of them is given on every day."""
    numbers = dict(con.execute(_NUMBERS, {"day": day}).fetchall())
    version = con.execute(_VERSION, {"day": day}).fetchone()
    assert version is not None
    return Terms(
        horizon_months=int(numbers["horizon_months"]),
        test_months=int(numbers["test_months"]),
        window_months=int(numbers["window_months"]),
        discount_rate=numbers["discount_rate"],
        smoothing=numbers["smoothing"],
        least_months=int(numbers["least_months"]),
        fit_customers=int(numbers["fit_customers"]),
        interval_share=numbers["interval_share"],
        drift_share=numbers["drift_share"],
        policy_version=version[0],
    )
