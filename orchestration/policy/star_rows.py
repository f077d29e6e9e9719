"""Rows of the star policies: dimensions, their measures, points by steps, and grades by points.

Field order is the header's order.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import model_validator

from orchestration.policy.period import PeriodRow
from orchestration.policy.values import (
    Code,
    Day,
    OptionalDay,
    OptionalMoney,
    Text,
    Truth,
    Whole,
    check_bound,
    number,
    one_of,
    optional,
    problem,
    required,
)

# What each dimension can be measured by; the models measure under these names.
STAR_MEASURES = {
    "asset_size": ("average_assets",),
    "contribution": ("turnover", "transfers"),
    "risk_tolerance": ("risk_appetite",),
    "relationship_care": ("survey_score", "complaints"),
    "loyalty_activity": ("tenure_months", "stability", "own_transactions"),
    "cooperation": ("products_held", "classes_held"),
    "credit_record": ("days_past_due", "loans_in_default"),
}
_MEASURES = tuple(name for names in STAR_MEASURES.values() for name in names)

Dimension = Annotated[str, required(one_of(*STAR_MEASURES))]
Measure = Annotated[str, required(one_of(*_MEASURES))]
Weight = Annotated[Decimal, required(number(9, 4))]


class StarDimensionRow(PeriodRow):
    """A dimension of the star grade and its weight in the total."""

    key = ("dimension",)
    dimension: Dimension
    dimension_name: Text
    weight: Weight
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _is_a_share(self) -> Self:
        if not 0 <= self.weight <= 1:
            raise problem("must be from 0 to 1; weights are shares of the total", "weight")
        return self


class StarMeasureRow(PeriodRow):
    """A measure of a dimension, its weight there, and whether more of it is better."""

    key = ("measure",)
    dimension: Dimension
    measure: Measure
    weight: Weight
    better: Annotated[Literal["more", "less"], required(one_of("more", "less"))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _measures_its_dimension(self) -> Self:
        if self.measure not in STAR_MEASURES[self.dimension]:
            names = ", ".join(STAR_MEASURES[self.dimension])
            raise problem(f"does not measure {self.dimension}; use {names}", "measure")
        if not 0 < self.weight <= 1:
            raise problem("must be above 0 and at most 1; leave out what shall not count", "weight")
        return self


class StarScoreRow(PeriodRow):
    """A step of a measure: what it brings from a bound on."""

    key = ("measure", "step")
    measure: Measure
    step: Whole
    # As many digits as the models compare, and multiply with weights, in 64 bits.
    lower_bound: Annotated[Decimal | None, optional(number(14, 2))]
    points: Annotated[Decimal, required(number(11, 2))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _makes_a_step(self) -> Self:
        check_bound(self.step, self.lower_bound, "step")
        if self.points < 0:
            raise problem("is negative; the lowest step brings 0 points", "points")
        return self


class StarBandRow(PeriodRow):
    """A grade and the points it begins at."""

    key = ("grade_rank",)
    grade_rank: Whole
    grade_code: Code
    grade_name: Text
    lower_bound: OptionalMoney
    lower_inclusive: Truth
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _makes_a_grade(self) -> Self:
        check_bound(self.grade_rank, self.lower_bound, "grade_rank")
        return self
