"""What one row of each policy file may hold. Field order is the header's order."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

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
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def problem(message: str, column: str = "") -> PydanticCustomError:
    """An error that names a column where the model as a whole is wrong."""
    return PydanticCustomError("policy", "{message}", {"message": message, "column": column})


def _date(value: str) -> date:
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise problem("is not a date; write it as year-month-day, such as 2024-07-01")


def _integer(value: str) -> int:
    if _INTEGER.fullmatch(value):
        return int(value)
    raise problem("is not a whole number of up to nine digits; write digits only")


def _code(value: str) -> str:
    if _CODE.fullmatch(value):
        return value
    raise problem("is not a code; use lower-case letters, digits and _, starting with a letter")


def _text(value: str) -> str:
    if value == value.strip():
        return value
    raise problem("starts or ends with a space; remove it")


def _truth(value: str) -> bool:
    if value in ("true", "false"):
        return value == "true"
    raise problem("is neither true nor false; write one of the two")


def _number(digits: int, scale: int) -> BeforeValidator:
    """A decimal as the seed's column holds it: more decimals would be rounded without a word."""

    def parse(value: str) -> Decimal:
        try:
            number = Decimal(value) if _DECIMAL.fullmatch(value) else None
        except InvalidOperation:
            number = None
        if number is None:
            raise problem("is not a number; write digits with a decimal point, without separators")
        if -int(number.as_tuple().exponent) > scale:
            raise problem(f"has more than {scale} decimals; round it yourself")
        if abs(number) >= Decimal(10) ** (digits - scale):
            raise problem(f"has more than {digits - scale} digits before the point")
        return number

    return BeforeValidator(parse)


def one_of(*codes: str) -> BeforeValidator:
    """A code out of a list."""

    def parse(value: str) -> str:
        if value in codes:
            return value
        raise problem(f"is unknown here; use {', '.join(codes[:-1])} or {codes[-1]}")

    return BeforeValidator(parse)


def optional(parse: BeforeValidator) -> BeforeValidator:
    """The same, or nothing."""
    return BeforeValidator(lambda value: None if value == "" else _call(parse, value))


def _call(parse: BeforeValidator, value: str) -> Any:
    function: Any = parse.func
    return function(value)


def required(parse: BeforeValidator) -> BeforeValidator:
    """The same, and never empty."""

    def check(value: str) -> Any:
        if value == "":
            raise problem("is empty; every row needs it")
        return _call(parse, value)

    return BeforeValidator(check)


_MONEY = _number(18, 2)
Day = Annotated[date, required(BeforeValidator(_date))]
OptionalDay = Annotated[date | None, optional(BeforeValidator(_date))]
Whole = Annotated[int, required(BeforeValidator(_integer))]
Code = Annotated[str, required(BeforeValidator(_code))]
Text = Annotated[str, required(BeforeValidator(_text))]
OptionalText = Annotated[str | None, optional(BeforeValidator(_text))]
Truth = Annotated[bool, required(BeforeValidator(_truth))]
OptionalMoney = Annotated[Decimal | None, optional(_MONEY)]


class PolicyRow(BaseModel):
    """One row of a policy file, in force on the days [valid_from, valid_to)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    # What a period is about: of one key, one row is in force at a time.
    key: ClassVar[tuple[str, ...]] = ()

    line: int = Field(default=0, exclude=True)

    @classmethod
    def header(cls) -> list[str]:
        """The file's columns in order."""
        return [name for name in cls.model_fields if name != "line"]

    @property
    def key_values(self) -> tuple[Any, ...]:
        """The row's key."""
        return tuple(getattr(self, name) for name in self.key)


class PeriodRow(PolicyRow):
    """A row whose period is at its end, as in every file."""

    @property
    def start(self) -> date:
        """First day in force."""
        start: date = vars(self)["valid_from"]  # declared per file: each has its own column order
        return start

    @property
    def end(self) -> date:
        """Day after the last one in force; the end of time where open."""
        return vars(self)["valid_to"] or date.max

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on the day."""
        return self.start <= day < self.end

    @model_validator(mode="after")
    def _period_runs_forward(self) -> Self:
        if self.end <= self.start:
            raise problem(
                "is not after valid_from; a period runs from valid_from up to, and without, "
                "valid_to",
                "valid_to",
            )
        return self


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
        if self.tier_rank < 1:
            raise problem("is below 1; the lowest tier has rank 1", "tier_rank")
        if self.tier_rank == 1 and self.lower_bound is not None:
            raise problem(
                "must be empty for rank 1; the lowest tier takes everybody below rank 2",
                "lower_bound",
            )
        if self.tier_rank > 1 and self.lower_bound is None:
            raise problem("is empty; only rank 1 has no lower bound", "lower_bound")
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
    within_share: Annotated[Decimal | None, optional(_number(9, 6))]
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
    weight: Annotated[Decimal, required(_number(9, 4))]
    valid_from: Day
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _weight_not_negative(self) -> Self:
        if self.weight < 0:
            raise problem("is negative; a component counts or does not (0)", "weight")
        return self


class ParameterRow(PeriodRow):
    """A single number of policy."""

    key = ("parameter",)
    # Every parameter the models read; one that nobody reads is a typing error.
    known: ClassVar[tuple[str, ...]] = ("restatement_months",)
    parameter: Annotated[str, required(BeforeValidator(_code))]
    value: Annotated[Decimal, required(_number(18, 6))]
    unit: Text
    valid_from: Day
    valid_to: OptionalDay
    description: OptionalText

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.parameter not in self.known:
            raise problem(f"is read by nothing; known are: {', '.join(self.known)}", "parameter")
        if self.value < 0 or self.value != int(self.value):
            raise problem("must be a whole number of months, at least 0", "value")
        return self


FILES: dict[str, type[PeriodRow]] = {
    "policy_tier_scheme.csv": SchemeRow,
    "policy_tier_bound.csv": BoundRow,
    "policy_tier_grace.csv": GraceRow,
    "policy_tier_band.csv": BandRow,
    "policy_tier_watch.csv": WatchRow,
    "policy_measure.csv": MeasureRow,
    "policy_parameter.csv": ParameterRow,
}
