"""How values stand in policy files: dates, numbers, codes and texts, each strictly read."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
# All but tabs and line ends.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
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
    if _CONTROL.search(value):
        raise problem("holds a control character; remove it")
    if value == value.strip():
        return value
    raise problem("starts or ends with a space; remove it")


def _truth(value: str) -> bool:
    if value in ("true", "false"):
        return value == "true"
    raise problem("is neither true nor false; write one of the two")


def number(digits: int, scale: int) -> BeforeValidator:
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


_MONEY = number(18, 2)
Day = Annotated[date, required(BeforeValidator(_date))]
OptionalDay = Annotated[date | None, optional(BeforeValidator(_date))]
Whole = Annotated[int, required(BeforeValidator(_integer))]
Code = Annotated[str, required(BeforeValidator(_code))]
Text = Annotated[str, required(BeforeValidator(_text))]
OptionalText = Annotated[str | None, optional(BeforeValidator(_text))]
Truth = Annotated[bool, required(BeforeValidator(_truth))]
OptionalMoney = Annotated[Decimal | None, optional(_MONEY)]


def check_bound(place: int, bound: Decimal | None, column: str) -> None:
    """Refuses a place in a ladder whose bound does not fit it: only the lowest is open below."""
    if place < 1:
        raise problem("is below 1; the lowest has rank 1", column)
    if place == 1 and bound is not None:
        raise problem("must be empty for rank 1; the lowest takes all below rank 2", "lower_bound")
    if place > 1 and bound is None:
        raise problem("is empty; only rank 1 has no lower bound", "lower_bound")
