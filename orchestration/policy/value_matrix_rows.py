"""Rows of the value matrix's policy: indicators of current value, its cost, and potential value.

Field order is the header's order.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import model_validator

from orchestration.policy.period import PeriodRow
from orchestration.policy.values import Day, OptionalDay, Text, number, one_of, problem, required

# Per axis its indicators, and what each can be measured by; the models measure under these names.
AXES: dict[str, dict[str, tuple[str, ...]]] = {
    "current": {
        "asset_business": ("loan_income", "loans_outstanding", "average_assets"),
        "liability_business": ("deposit_income", "average_deposits"),
        "intermediary_service": ("intermediary_income",),
    },
    "cost": {
        "acquisition": ("acquisition_cost",),
        "maintenance": ("maintenance_cost",),
    },
    "potential": {
        "products": ("products_held", "classes_held"),
        "mobile": ("mobile_uses",),
        "financial_assets": ("average_assets",),
    },
}
INDICATORS = {name: measures for names in AXES.values() for name, measures in names.items()}
_MEASURES = tuple(dict.fromkeys(name for names in INDICATORS.values() for name in names))


class ValueIndicatorRow(PeriodRow):
    """An indicator: its axis, what it is measured by, its weight, and where it is full."""

    key = ("indicator",)
    indicator: Annotated[str, required(one_of(*INDICATORS))]
    indicator_name: Text
    axis: Annotated[str, required(one_of(*AXES))]
    measure: Annotated[str, required(one_of(*_MEASURES))]
    weight: Annotated[Decimal, required(number(9, 4))]
    # As many digits as the models divide in 64 bits.
    full_at: Annotated[Decimal, required(number(14, 2))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _measures_its_axis(self) -> Self:
        if self.indicator not in AXES[self.axis]:
            names = ", ".join(AXES[self.axis])
            raise problem(f"{self.indicator} is none of its indicators: {names}", "axis")
        if self.measure not in INDICATORS[self.indicator]:
            names = ", ".join(INDICATORS[self.indicator])
            raise problem(f"does not measure {self.indicator}; use {names}", "measure")
        if not 0 < self.weight <= 1:
            raise problem("must be above 0 and at most 1; leave out what shall not count", "weight")
        if self.full_at <= 0:
            raise problem("must be above 0: the amount or count that brings all points", "full_at")
        return self
