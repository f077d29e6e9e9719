"""Rows of the tier policies: schemes, bounds, grace, bands, watch lists and measures.

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
    OptionalText,
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

# Classes of products that hold balances; the models add them up under these names.
BALANCE_CLASSES = (
    "demand",
    "time_deposit",
    "wealth",
    "fund",
    "insurance",
    "bond",
    "loan",
    "card",
)
WEIGHTED = "weighted"
# As of a product's asset weight in the contract: amounts have room for ten times what they are.
MOST = 10
# Fifty years: the day on which a tier is lost must be one that a calendar has.
LONGEST_GRACE = 600


class SchemeRow(PeriodRow):
    """A tier scheme: what it measures, whom it judges, when an upgrade takes effect."""

    key = ("scheme_code",)
    scheme_code: Code
    scheme_name: Text
    measure_code: Code
    customer_type: Annotated[str, required(one_of("retail", "corporate", "government", "all"))]
    upgrade_takes_effect: Annotated[
        Literal["judgement", "next_month"], required(one_of("judgement", "next_month"))
    ]
    valid_from: Day
    valid_to: OptionalDay
    source: OptionalText


class BoundRow(PeriodRow):
    """A tier of a scheme and its lower bound."""

    key = ("scheme_code", "tier_rank")
    scheme_code: Code
    tier_rank: Whole
    tier_code: Code
    tier_name: Text
    lower_bound: OptionalMoney
    grace_code: Code
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _lowest_is_open(self) -> Self:
        check_bound(self.tier_rank, self.lower_bound, "tier_rank")
        return self


class GraceRow(PeriodRow):
    """How long a tier is kept below its bound."""

    key = ("grace_code",)
    grace_code: Code
    grace_months: Whole
    silent_months: Whole
    demote_to: Annotated[Literal["latest", "best"], required(one_of("latest", "best"))]
    valid_from: Day
    valid_to: OptionalDay
    source: OptionalText

    @model_validator(mode="after")
    def _months_fit(self) -> Self:
        if self.grace_months < 1:
            raise problem("is below 1; 1 means down at the first month below", "grace_months")
        if self.grace_months > LONGEST_GRACE:
            raise problem(f"is above {LONGEST_GRACE} months; end the tier instead", "grace_months")
        if not 0 <= self.silent_months < self.grace_months:
            raise problem("must be at least 0 and less than grace_months", "silent_months")
        return self


class BandRow(PeriodRow):
    """A band of the measure, independent of the tier held."""

    key = ("scheme_code", "band_code")
    scheme_code: Code
    band_code: Code
    band_name: Text
    lower_bound: OptionalMoney
    lower_inclusive: Truth
    valid_from: Day
    valid_to: OptionalDay


class WatchRow(PeriodRow):
    """How near to a tier's bound a customer is listed."""

    key = ("scheme_code", "tier_rank", "list_code")
    scheme_code: Code
    tier_rank: Whole
    list_code: Annotated[str, required(one_of("borderline", "at_risk"))]
    within_amount: OptionalMoney
    within_share: Annotated[Decimal | None, optional(number(9, 6))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _one_distance(self) -> Self:
        if self.tier_rank < 2:
            raise problem("has no bound to be near to; watch ranks from 2 on", "tier_rank")
        if self.within_amount is not None and self.within_share is not None:
            raise problem("and within_amount are both given; keep one", "within_share")
        if self.within_amount is None and self.within_share is None:
            raise problem("and within_share are both empty; give one", "within_amount")
        if self.within_amount is not None and self.within_amount <= 0:
            raise problem("must be above 0", "within_amount")
        if self.within_share is not None and not 0 < self.within_share <= 1:
            raise problem("must be above 0 and at most 1", "within_share")
        return self


class MeasureRow(PeriodRow):
    """A component of a measure and its weight."""

    key = ("measure_code", "component")
    measure_code: Code
    basis: Annotated[Literal["average", "closing"], required(one_of("average", "closing"))]
    component: Annotated[str, required(one_of(*BALANCE_CLASSES, WEIGHTED))]
    weight: Annotated[Decimal, required(number(9, 4))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _weight_not_negative(self) -> Self:
        if self.weight < 0:
            raise problem("is negative; a component counts or does not (0)", "weight")
        if self.weight > MOST:
            raise problem(f"is above {MOST}, and the largest balances would not fit", "weight")
        return self


class SlotRow(PeriodRow):
    """The scheme whose tier stands in a column of the table of all verdicts."""

    key = ("slot",)
    slot: Annotated[str, required(one_of("deposit", "asset", "mass"))]
    scheme_code: Code
    valid_from: Day
    valid_to: OptionalDay
