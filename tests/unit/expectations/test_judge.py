"""Great Expectations on one row: bounds, missing numbers, checks that raise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from expectations import judge as judging
from expectations.check import Check, Measurement, Number
from expectations.gate import passed
from expectations.judge import judge, warm_up


def _check(low: float | None = None, high: float | None = 0.0, name: str = "one") -> Check:
    return Check(name, "transactions", "error", "rows", "because", low=low, high=high)


@pytest.mark.parametrize(
    ("value", "low", "high", "good"),
    [
        (0, None, 0, True),
        (1, None, 0, False),
        (Decimal("0.01"), None, 0, False),
        (0.05, None, 0.05, True),
        (Decimal("0.0500001"), None, 0.05, False),
        (2, 2, None, True),
        (1.999, 2, None, False),
        (3, 1, 3, True),
        (10**20, None, 0, False),
    ],
)
def test_bounds_are_inclusive(
    value: Number, low: float | None, high: float | None, good: bool
) -> None:
    (outcome,) = judge("raw", [Measurement(_check(low, high), value)])
    assert outcome.passed is good
    assert outcome.observed == value
    assert not outcome.broken


def test_outcomes_keep_the_order_and_one_broken_check_blocks() -> None:
    outcomes = judge(
        "raw",
        [
            Measurement(_check(name="fine"), 0),
            Measurement(_check(name="broken"), None, error="no such table"),
            Measurement(_check(name="bad"), 4, failing=4, fetch_samples=lambda: [{"line": 3}]),
        ],
    )
    assert [outcome.check for outcome in outcomes] == ["fine", "broken", "bad"]
    assert [outcome.blocks for outcome in outcomes] == [False, True, True]
    assert outcomes[1].error == "no such table"
    assert outcomes[2].samples == ({"line": 3},)
    assert not passed(outcomes[:2])
    assert passed(outcomes[:1])


def test_a_number_missing_without_an_error_is_broken_too() -> None:
    (outcome,) = judge("raw", [Measurement(_check(), None)])
    assert outcome.broken
    assert "does not exist" in (outcome.error or "")


def test_exceptions_are_found_flat_and_nested() -> None:
    flat = {"raised_exception": True, "exception_message": "flat"}
    nested = {"metric": {"raised_exception": True, "exception_message": "nested"}}
    assert judging._raised(flat) == "flat"
    assert judging._raised(nested) == "nested"
    assert judging._raised({"raised_exception": False}) is None
    assert judging._raised({}) is None


def test_two_checks_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="transactions__one"):
        judge("raw", [Measurement(_check(), 0), Measurement(_check(), 1)])


def test_warm_up_imports_once() -> None:
    warm_up().join()
    assert judging._libraries.cache_info().currsize == 1


def test_expectations_in_words() -> None:
    assert _check(high=0).expected == "none"
    assert replace(_check(high=0), failing="count(*)").expected == "none"
    assert _check(high=0.05).expected == "at most 0.05"
    assert _check(low=1, high=3).expected == "between 1 and 3"
    assert _check(low=2, high=None).expected == "at least 2"
