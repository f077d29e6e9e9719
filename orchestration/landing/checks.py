"""The contract's column rules as SQL expressions over a row of text values.

For each column: `typed` turns the text into the raw type, `problem` is the code of the first
rule the value breaks, or null. Both are cheap on good values: the canonical spelling of a
typed value is compared with the text first, and patterns run only on what differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration.landing.contract import DECIMALS, Column, TableContract

_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_WHOLE = r"[+-]?[0-9]+(\.0*)?"


@dataclass(frozen=True)
class Check:
    """One rule: its reason code, when it is broken, and what to tell the deliverer."""

    code: str
    broken: str
    says: str


def literal(value: object) -> str:
    """A value as an SQL literal."""
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, Decimal):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def typed(column: Column, text: str) -> str:
    """The typed value of a text expression; null where it cannot be read."""
    if column.type == "string":
        return text
    return f"try_cast({text} as {column.duckdb_type})"


def problem(checks: list[Check]) -> str:
    """The code of the first broken rule, or null."""
    cases = " ".join(f"when {check.broken} then '{check.code}'" for check in checks)
    return f"case {cases} end" if cases else "null::varchar"


def column_checks(
    table: TableContract, name: str, text: str, value: str, native: bool = False
) -> list[Check]:
    """Rules of one column in the order they are judged; `native` values need no parsing."""
    column = table.columns[name]
    checks = [_missing(column, text)] if not column.nullable else []
    if native and column.type == "date":
        checks.append(_endless(value))
    if not native:
        checks += _spelling(column, text, value)
    checks += _limits(column, value)
    return checks


def date_checks(table: TableContract, name: str, values: dict[str, str]) -> list[Check]:
    """Rules that compare a good date with another: the day of delivery, or another column."""
    column = table.columns[name]
    checks = []
    if name == table.happened and not table.planned:
        checks.append(
            Check(
                "future_date",
                f"{values[name]} > loaded_on",
                "lies after the day of delivery; deliver it on or after that day, or correct it",
            )
        )
    if column.not_before:
        checks.append(
            Check(
                "date_order",
                f"{values[name]} < {values[column.not_before]}",
                f"lies before {column.not_before}; correct one of the two",
            )
        )
    return checks


def _endless(value: str) -> Check:
    """Days that Parquet can hold and no bank has: infinite, before year 1 or after 9999."""
    return Check(
        "out_of_range",
        f"not (isfinite({value}) and {value} between date '0001-01-01' and date '9999-12-31')",
        "is no day of the years 1 to 9999; deliver an existing day, or nothing",
    )


def _missing(column: Column, text: str) -> Check:
    blank = f" or trim({text}) = ''" if column.type == "string" else ""
    return Check(
        "missing_value",
        f"{text} is null{blank}",
        "is empty, and this column must always be filled; deliver the value",
    )


def _spelling(column: Column, text: str, value: str) -> list[Check]:
    """Text that is not the type; text is not null where these are judged to be broken."""
    odd = f"{text} is not null and ({value} is null or {value}::varchar <> {text})"
    if column.type == "string":
        return []
    if column.type == "boolean":
        return [
            Check(
                "wrong_type",
                f"{text} is not null and lower({text}) not in ('true', 'false')",
                "is neither true nor false; deliver one of the two",
            )
        ]
    if column.type == "date":
        return [
            Check(
                "wrong_type",
                f"{text} is not null and ({value} is null or length({text}) <> 10 "
                f"or {value}::varchar <> {text})",
                "is no date; deliver an existing day as YYYY-MM-DD",
            )
        ]
    if column.type == "integer":
        return [
            Check(
                "wrong_type",
                f"{odd} and not regexp_full_match({text}, '{_WHOLE}')",
                "is no whole number; deliver digits only",
            ),
            _too_large(text, value),
        ]
    decimals = DECIMALS[column.type]
    return [
        Check(
            "wrong_type",
            f"{odd} and not regexp_full_match({text}, '{_NUMBER}')",
            "is no plain decimal number; deliver digits with a decimal point, "
            "without blanks, thousands separators or exponents",
        ),
        Check(
            "too_many_decimals",
            f"{odd} and regexp_matches({text}, '\\.[0-9]{{{decimals}}}[0-9]*[1-9]')",
            f"has more than {decimals} decimals and is not rounded here; "
            f"deliver at most {decimals}",
        ),
        _too_large(text, value),
    ]


def _too_large(text: str, value: str) -> Check:
    return Check(
        "out_of_range",
        f"{text} is not null and {value} is null",
        "is larger than the column can hold; correct it",
    )


def _limits(column: Column, value: str) -> list[Check]:
    checks = []
    if column.codes:
        codes = ", ".join(literal(code) for code in column.codes)
        allowed = ", ".join(column.codes)
        checks.append(
            Check(
                "unknown_code",
                f"{value} not in ({codes})",
                f"is no code of the contract; deliver one of: {allowed}",
            )
        )
    if column.max_length is not None:
        checks.append(
            Check(
                "too_long",
                f"length({value}) > {column.max_length}",
                f"is longer than {column.max_length} characters; deliver it shorter",
            )
        )
    if column.pattern is not None:
        checks.append(
            Check(
                "bad_pattern",
                f"not regexp_full_match({value}, {literal(column.pattern)})",
                f"does not have the form {column.pattern}; correct it",
            )
        )
    if column.largest is not None:
        checks.append(
            Check(
                "out_of_range",
                f"not {value} between -{column.largest} and {column.largest}",
                f"is beyond {column.largest:,}, the largest amount; correct it, or its unit",
            )
        )
    if column.min is not None:
        checks.append(
            Check(
                "out_of_range",
                f"{value} < {literal(column.min)}",
                f"is less than {column.min}; correct it",
            )
        )
    if column.max is not None:
        checks.append(
            Check(
                "out_of_range",
                f"{value} > {literal(column.max)}",
                f"is more than {column.max}; correct it",
            )
        )
    return checks
