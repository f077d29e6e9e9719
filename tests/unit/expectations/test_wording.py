"""How numbers of checks are written for people."""

from __future__ import annotations

import pytest

from expectations.wording import expected, number, observed, why


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("31", "31"),
        ("63432", "63,432"),
        ("1683949506.96", "1,683,949,506.96"),
        ("9007199254740993.01", "9,007,199,254,740,993.01"),
        ("0.00", "0.00"),
        ("12345.678", "12,345.68"),
        ("0.134250001", "0.1343"),
        ("1e-07", "under 0.0001"),
        ("-0.5", "-0.5"),
        ("nan", "nan"),
        ("no number", "no number"),
        (None, "–"),
    ],
)
def test_numbers(value: str | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("31", "rows", "31 rows"),
        ("1", "business days", "1 business day"),
        ("8.434877614378134e-05", "share of all balances", "0.0084 % of all balances"),
        ("0.05", "share of a day's rows", "5 % of a day's rows"),
        ("0.2", "share", "20 %"),
        ("0.1342", "population stability index", "0.1342 population stability index"),
        (None, "rows", "–"),
    ],
)
def test_what_was_observed_has_its_unit(value: str | None, unit: str, text: str) -> None:
    assert observed(value, unit) == text


@pytest.mark.parametrize(
    ("band", "unit", "text"),
    [
        ("none", "rows", "none"),
        ("at most 0.05", "share of a day's rows", "at most 5 %"),
        ("at most 0", "share of all balances", "none"),
        ("between 1 and 1e+06", "rows", "between 1 and 1,000,000"),
        ("= 1", "rows", "= 1"),
    ],
)
def test_what_was_expected_is_written_as_what_was_observed(band: str, unit: str, text: str) -> None:
    assert expected(band, unit) == text


def test_a_reason_is_said_once() -> None:
    said = [("late", "It is late."), ("late", "It is late."), ("late", "Or lost."), ("x", "Why.")]
    assert why(said) == {"late": ["It is late.", "Or lost."], "x": ["Why."]}
