"""Rows of the segment policies: bands of age and income, and strategic groups.

Field order is the header's order.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from orchestration.policy.period import PeriodRow
from orchestration.policy.values import (
    Code,
    Day,
    OptionalDay,
    OptionalMoney,
    OptionalText,
    Text,
    Truth,
    one_of,
    problem,
    required,
)

AGE, INCOME = "age_band", "income_band"
# Where nothing is known, and where there is nobody to have an age: never bands of a policy.
RESIDUALS = ("unknown", "not_a_person")
GROUPS = ("value", "main_force", "nurture", "maintain")


class SegmentBandRow(PeriodRow):
    """A band of customers' ages or household incomes, from its lower bound up to the next."""

    key = ("scheme", "band")
    scheme: Annotated[str, required(one_of(AGE, INCOME))]
    band: Code
    band_name: Text
    lower_bound: OptionalMoney
    valid_from: Day
    valid_to: OptionalDay
    source: OptionalText

    @model_validator(mode="after")
    def _can_be_a_band(self) -> Self:
        if self.band in RESIDUALS:
            raise problem("is shown beside the bands already; name the band otherwise", "band")
        if self.lower_bound is not None and self.lower_bound <= 0:
            raise problem("must be above 0; leave it empty for the lowest band", "lower_bound")
        if self.scheme == AGE and self.lower_bound and self.lower_bound % 1:
            raise problem("must be whole years", "lower_bound")
        return self


class SegmentGroupRow(PeriodRow):
    """The strategic group of an income band's customers, insured or not."""

    key = ("income_band", "is_insured")
    income_band: Code
    is_insured: Truth
    strategic_group: Annotated[str, required(one_of(*GROUPS))]
    valid_from: Day
    valid_to: OptionalDay
    source: OptionalText
