"""A gate's findings as Dagster checks: every one of them stands with some table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dagster import AssetCheckResult, AssetCheckSeverity, AssetKey, TableMetadataValue

from expectations.check import CheckOutcome
from orchestration.gatekeeper import GateVerdict
from orchestration.gates import check_result, shares
from orchestration.state import Window

MONDAY = date(2024, 1, 8)
KEYS = [AssetKey(["raw", name]) for name in ("accounts", "cards", "customers")]
PASSED = CheckOutcome(
    layer="raw",
    check="refused_files",
    table="cards",
    severity="error",
    passed=True,
    broken=False,
    observed=0,
    expected="none",
    failing_rows=0,
    samples=(),
    reason="A refused file loaded nothing.",
    unit="files",
)
NOTHING_CAME = replace(
    PASSED, check="any_delivery", table="landing", severity="warn", passed=False, observed=2
)


def results(
    *outcomes: CheckOutcome, is_open: bool = True, selected: list[AssetKey] = KEYS, days: int = 1
) -> dict[str, AssetCheckResult]:
    verdict = GateVerdict(
        Window(MONDAY, MONDAY + timedelta(days=days)), list(outcomes), is_open=is_open
    )
    return {
        key.path[-1]: check_result("raw_gate", key, own, verdict)
        for key, own in shares(selected, KEYS, outcomes).items()
    }


def listed(result: AssetCheckResult) -> list[tuple[object, object]]:
    table = result.metadata["results"]
    if not isinstance(table, TableMetadataValue):
        return []
    return [(record.data["table"], record.data["check"]) for record in table.records]


def test_a_warning_of_no_table_stands_with_the_first() -> None:
    found = results(PASSED, NOTHING_CAME)
    assert {name: result.passed for name, result in found.items()} == {
        "accounts": False,
        "cards": True,
        "customers": True,
    }
    assert listed(found["accounts"]) == [("landing", "any_delivery")]
    assert found["accounts"].severity is AssetCheckSeverity.WARN
    assert listed(found["cards"]) == [("cards", "refused_files")]
    assert listed(found["customers"]) == []


def test_where_the_first_table_is_not_selected_the_next_one_has_it() -> None:
    found = results(PASSED, NOTHING_CAME, selected=KEYS[1:])
    assert listed(found["cards"]) == [("cards", "refused_files"), ("landing", "any_delivery")]
    assert listed(found["customers"]) == []


def test_what_closes_the_gate_fails_every_table_and_is_listed_once() -> None:
    refused = replace(PASSED, passed=False, observed=1)
    found = results(refused, is_open=False)
    assert not any(result.passed for result in found.values())
    assert all(listed(result) == [("cards", "refused_files")] for result in found.values())


def test_the_days_judged_and_the_number_of_checks_are_said_in_words() -> None:
    assert results(PASSED)["cards"].metadata["checks"].value == "1"
    assert results(PASSED)["cards"].metadata["days judged"].value == "2024-01-08"
    more = results(PASSED, days=3)["cards"].metadata["days judged"].value
    assert more == "2024-01-08 to 2024-01-10"
