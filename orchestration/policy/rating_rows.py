"""Rows of the policies of the corporate rating: blocks, indicators, benchmarks, items and grades.

Field order is the header's order.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import model_validator

from orchestration.policy.parameters import LEVELS
from orchestration.policy.period import PeriodRow
from orchestration.policy.values import (
    Code,
    Day,
    OptionalDay,
    Text,
    Whole,
    check_bound,
    number,
    one_of,
    optional,
    problem,
    required,
)

# Blocks of both parts, by the names that the models give their columns.
BLOCKS = {
    "quantitative": ("solvency", "result", "operation", "growth"),
    "qualitative": ("market", "management", "business", "standing", "prospects"),
}
SETS = ("base", "alternative")
# Ratios that macros/companies works out.
RATIOS = (
    "debt_ratio",
    "current_ratio",
    "debt_to_ebit",
    "capitalisation",
    "interest_cover",
    "quick_ratio",
    "cash_flow_to_debt",
    "return_on_equity",
    "sales_margin",
    "return_on_assets",
    "cost_to_sales",
    "profit_to_cost",
    "cash_inflow_to_sales",
    "asset_turnover",
    "current_asset_turnover",
    "inventory_turnover",
    "receivables_turnover",
    "sales_growth",
    "capital_accumulation",
    "profit_growth",
    "asset_growth",
)
# Items of the contract's sheet.
ITEMS = (
    "strategy_execution", "market_share", "size", "equipment", "substitutability", "barriers",
    "bargaining", "financing", "managers", "staff", "organisation", "decision", "personnel",
    "operation", "finance", "receivable_quality", "main_business", "diversification",
    "stock_quality", "customer_concentration", "customer_stability", "loan_quality",
    "interest_payment", "deposit_loan_ratio", "policy_support", "shareholder_support", "industry",
    "product_life", "market_expectation", "technology", "location",
)  # fmt: skip
# All grades that the published list names, the worst first; a rank is a place in it.
GRADES = ("B", "BB", "BBB-", "BBB", "BBB+", "A-", "A", "A+", "AA-", "AA", "AA+", "AAA")
# Conditions that macros/rating knows.
KNOCKOUTS = ("loan_in_default", "past_due", "equity_gone", "two_losses", "unaudited")
# The row that stands for every industry without one.
OTHER = "other"

Points = Annotated[Decimal, required(number(9, 2))]
Level = Annotated[Decimal, required(number(12, 6))]
Grade = Annotated[str, required(one_of(*GRADES))]
_ALL_BLOCKS = tuple(name for names in BLOCKS.values() for name in names)


def _in_points(value: Decimal, column: str) -> None:
    if not 0 < value <= 100:
        raise problem("must be above 0 and at most 100 points", column)


class RatingBlockRow(PeriodRow):
    """A block of a part of the rating, and the points of its header."""

    key = ("block",)
    part: Annotated[str, required(one_of(*BLOCKS))]
    block: Annotated[str, required(one_of(*_ALL_BLOCKS))]
    block_name: Text
    declared: Points
    corrected: Points
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _belongs_to_its_part(self) -> Self:
        if self.block not in BLOCKS[self.part]:
            names = ", ".join(BLOCKS[self.part])
            raise problem(f"is no {self.part} block: use {names}", "block")
        _in_points(self.declared, "declared")
        _in_points(self.corrected, "corrected")
        return self


class RatingIndicatorRow(PeriodRow):
    """A ratio that brings points: in which block and set, how many, and what is better."""

    key = ("indicator",)
    indicator: Annotated[str, required(one_of(*RATIOS))]
    indicator_name: Text
    block: Annotated[str, required(one_of(*BLOCKS["quantitative"]))]
    indicator_set: Annotated[str, required(one_of(*SETS))]
    weight: Points
    better: Annotated[Literal["more", "less"], required(one_of("more", "less"))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _brings_points(self) -> Self:
        _in_points(self.weight, "weight")
        return self


class RatingBenchmarkRow(PeriodRow):
    """Values of an indicator at five levels, from excellent to poor."""

    key = ("benchmark", "indicator")
    benchmark: Code
    indicator: Annotated[str, required(one_of(*RATIOS))]
    excellent: Level
    good: Level
    average: Level
    low: Level
    poor: Level
    valid_from: Day
    valid_to: OptionalDay

    @property
    def levels(self) -> tuple[Decimal, ...]:
        """The five values, the best first."""
        return tuple(vars(self)[name] for name in LEVELS)

    @model_validator(mode="after")
    def _runs_one_way(self) -> Self:
        rising = sorted(set(self.levels))
        if list(self.levels) not in (rising, rising[::-1]):
            raise problem("levels must all rise or all fall from excellent to poor", "excellent")
        return self


class RatingIndustryRow(PeriodRow):
    """An industry: whose benchmarks its companies are held against, and what they trade in."""

    key = ("industry",)
    industry: Code
    industry_name: Text
    benchmark: Code
    trade: Annotated[str, required(one_of("producer", "trading", "as_assessed"))]
    valid_from: Day
    valid_to: OptionalDay


class RatingItemRow(PeriodRow):
    """An item of the qualitative sheet and the points it can bring."""

    key = ("item",)
    item: Annotated[str, required(one_of(*ITEMS))]
    item_name: Text
    block: Annotated[str, required(one_of(*BLOCKS["qualitative"]))]
    points: Points
    trade: Annotated[str, required(one_of("all", "producer", "trading"))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _brings_points(self) -> Self:
        _in_points(self.points, "points")
        return self


class RatingGradeRow(PeriodRow):
    """A grade and the points it begins at, always or as BBB is cut."""

    key = ("grade", "applies")
    grade_rank: Whole
    grade: Grade
    applies: Annotated[str, required(one_of("always", "unsplit", "split"))]
    lower_bound: Annotated[Decimal | None, optional(number(9, 2))]
    grade_name: Text
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _has_its_place(self) -> Self:
        check_bound(self.grade_rank, self.lower_bound, "grade_rank")
        if self.lower_bound is not None and not 0 < self.lower_bound <= 100:
            raise problem(
                "must be above 0 and at most 100, the most points there are", "lower_bound"
            )
        place = GRADES.index(self.grade) + 1
        if self.grade_rank != place:
            raise problem(f"must be {place}: grades keep their places in the list", "grade_rank")
        return self


class RatingScaleRow(PeriodRow):
    """What a grade stands for on the master scale."""

    key = ("grade",)
    grade: Grade
    default_probability: Annotated[Decimal, required(number(9, 6))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _is_a_probability(self) -> Self:
        if not 0 < self.default_probability < 1:
            raise problem("must lie between 0 and 1", "default_probability")
        return self


class RatingKnockoutRow(PeriodRow):
    """A condition that no points outweigh, and the best grade that it leaves."""

    key = ("condition",)
    condition: Annotated[str, required(one_of(*KNOCKOUTS))]
    condition_name: Text
    best_grade: Grade
    valid_from: Day
    valid_to: OptionalDay
