"""Great Expectations on the one row of numbers that a layer's queries gave.

The frame has a column per check and a single row, so an expectation on the column's maximum is an
expectation on the number. It is the cheapest there is (3 ms each; a per-value expectation costs
four times that), reports the number it saw, and fails on a missing one where a per-value
expectation would pass over it. Importing Great Expectations takes seconds: it happens once per
process, on first use or earlier in the background (`warm_up`).
"""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from expectations.check import Check, CheckOutcome, Layer, Measurement

_import_lock = threading.Lock()


def warm_up() -> threading.Thread:
    """Start importing Great Expectations in the background; judging waits for it."""
    thread = threading.Thread(target=_load, name="great-expectations-import", daemon=True)
    thread.start()
    return thread


def judge(layer: Layer, measurements: Sequence[Measurement]) -> list[CheckOutcome]:
    """An outcome per measurement, in the given order, with samples for those that failed."""
    if not measurements:
        return []
    for column, times in Counter(one.check.column for one in measurements).items():
        if times > 1:
            raise ValueError(f"{layer}: two checks are called {column}")
    results = _validate(layer, measurements)
    return [_outcome(layer, one, results[one.check.column]) for one in measurements]


def _load() -> tuple[Any, Any, Any]:
    with _import_lock:
        return _libraries()


@cache
def _libraries() -> tuple[Any, Any, Any]:
    """The context of this process, the kinds of expectations, and what makes them a suite."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations
    import great_expectations.expectations as kinds

    # It tells of every context it makes; dbt, in the same process, prints what is told.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = great_expectations.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context, kinds, great_expectations.ExpectationSuite


def _validate(layer: Layer, measurements: Sequence[Measurement]) -> dict[str, Any]:
    """Great Expectations' result per column."""
    context, kinds, new_suite = _load()
    import pandas

    asset = context.data_sources.add_or_update_pandas(name=layer).add_dataframe_asset(name="row")
    batch = asset.add_batch_definition_whole_dataframe("numbers").get_batch(
        {"dataframe": pandas.DataFrame([_numbers(measurements)], index=[0])}
    )
    expectations = [_expectation(kinds, one.check) for one in measurements]
    validated = batch.validate(new_suite(name=layer, expectations=expectations))
    return {result.expectation_config.kwargs["column"]: result for result in validated.results}


def _numbers(measurements: Sequence[Measurement]) -> dict[str, float]:
    """The frame's row. A number that could not be computed is left out: its expectation breaks."""
    return {one.check.column: float(one.value) for one in measurements if one.value is not None}


def _expectation(kinds: Any, check: Check) -> Any:
    return kinds.ExpectColumnMaxToBeBetween(
        column=check.column,
        min_value=check.low,
        max_value=check.high,
        meta={
            "table": check.table,
            "severity": check.severity,
            "reason": check.reason,
            "unit": check.unit,
        },
    )


def _outcome(layer: Layer, measured: Measurement, result: Any) -> CheckOutcome:
    check = measured.check
    error = measured.error or _raised(result.exception_info)
    passed = bool(result.success) and error is None
    samples = [] if passed or error else measured.fetch_samples()
    return CheckOutcome(
        layer=layer,
        check=check.name,
        table=check.table,
        severity=check.severity,
        passed=passed,
        broken=error is not None,
        observed=measured.value,
        expected=check.expected,
        failing_rows=0 if passed and measured.failing is None else measured.failing,
        samples=tuple(samples),
        reason=check.reason,
        unit=check.unit,
        error=error,
    )


def _raised(info: Mapping[str, Any] | None) -> str | None:
    """The first exception in an exception_info, which is flat or one level deep."""
    for entry in _entries(info or {}):
        if entry.get("raised_exception"):
            return str(entry.get("exception_message") or "the check raised without a message")
    return None


def _entries(info: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "raised_exception" in info:
        yield info
    else:
        yield from (entry for entry in info.values() if isinstance(entry, Mapping))
