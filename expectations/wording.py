"""Numbers of checks in words: grouped, rounded to what a person compares, with their unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

# Amounts and counts are read to the cent; shares and indexes tell nothing beyond the fourth place.
_CENTS = 2
_PLACES = 4
_LEAST = Decimal("0.0001")
_SHARE = "share"
# How earlier versions recorded a band that holds zero alone.
_NOTHING = "at most 0"
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]\d+)?")


def number(value: Any) -> str:
    """A number with separators and at most four decimals; money keeps its cents."""
    if value is None:
        return "–"
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not amount.is_finite():
        return str(value)
    if amount.as_tuple().exponent == -_CENTS:
        return f"{amount:,}"
    if amount == amount.to_integral_value():
        return f"{amount:,.0f}"
    if abs(amount) < _LEAST:
        return f"under {_LEAST}"
    if abs(amount) >= 1000:
        return f"{amount:,.{_CENTS}f}"
    return f"{amount:,.{_PLACES}f}".rstrip("0").rstrip(".")


def observed(value: Any, unit: str) -> str:
    """What a check saw: `31 rows`, `1 file`, `4.25 % of account months`."""
    if value is None:
        return number(value)
    if _is_share(unit):
        return f"{_percent(value)}{unit.removeprefix(_SHARE)}"
    text = number(value)
    return f"{text} {unit.removesuffix('s') if text == '1' else unit}".rstrip()


def expected(band: str, unit: str) -> str:
    """A band with its numbers written as those observed: `at most 0.05` of a share is 5 %."""
    if band == _NOTHING:
        return "none"
    write = _percent if _is_share(unit) else number
    return _NUMBER.sub(lambda found: write(found.group()), band)


def why(reasons: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Per check its sentences, each once: most tables share them."""
    found: dict[str, list[str]] = {}
    for check, reason in reasons:
        said = found.setdefault(check, [])
        if reason not in said:
            said.append(reason)
    return found


def _is_share(unit: str) -> bool:
    return unit.split(" ")[0] == _SHARE


def _percent(value: Any) -> str:
    try:
        return f"{number((Decimal(str(value)) * 100).normalize())} %"
    except InvalidOperation:
        return str(value)
