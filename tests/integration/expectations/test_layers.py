"""Staging, facts and marts: a clean toy passes, and every check fails on its own fault."""

from __future__ import annotations

import duckdb
import pytest

from expectations.check import CheckOutcome, Layer
from expectations.gate import passed, run_gate
from orchestration.settings import Settings
from orchestration.state import Window
from tests.integration.expectations.faults import FACTS, MARTS, MIGRATION, STAGING, TODAY
from tests.integration.expectations.faults_credit import CREDIT, GATE, SCORES
from tests.integration.expectations.faults_forward import FITS, FORWARD
from tests.integration.expectations.toy import EVERYTHING, LAST_DAYS

pytestmark = pytest.mark.slow

LAYERS: tuple[Layer, ...] = ("staging", "facts", "marts", "fits", "forward")


def judged(
    con: duckdb.DuckDBPyConnection, settings: Settings, layer: Layer, window: Window = LAST_DAYS
) -> dict[str, CheckOutcome]:
    """The layer's outcomes by 'table.check'."""
    outcomes = run_gate(con, layer, window, settings)
    return {f"{outcome.table}.{outcome.check}": outcome for outcome in outcomes}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("window", [EVERYTHING, LAST_DAYS], ids=["rebuild", "day"])
def test_a_clean_toy_passes(
    con: duckdb.DuckDBPyConnection, settings: Settings, layer: Layer, window: Window
) -> None:
    found = judged(con, settings, layer, window)
    assert [name for name, outcome in found.items() if not outcome.passed] == []
    assert passed(found.values())
    assert len(found) > 3


FAULTS: dict[Layer, dict[str, str]] = {
    "staging": STAGING, "facts": FACTS, "marts": MARTS | CREDIT, "fits": FITS | SCORES,
    "forward": FORWARD | GATE,
}  # fmt: skip
CASES = [(layer, name) for layer, faults in FAULTS.items() for name in faults]
WARNINGS = (
    "unknown_account",
    "unknown_customer",
    "unknown_product",
    "unknown_loan",
    "decisions_decide",
    "statement_signs",
    "statement_balances",
    "unassigned_balances",
    "ledger_ties",
    "ledger_difference",
    "distribution_drift",
    "fits_are_good",
    "nobody_is_without_value",
    "intervals_hold",
    "scored_are_those_learned_from",
    "answers_are_known",
    "cards_still_rank",
    "chances_come_true",
)
# These two need no row to look at: the count says all.
WITHOUT_SAMPLES = ("reserved_key",)


@pytest.mark.parametrize(("layer", "name"), CASES, ids=[name for _, name in CASES])
def test_each_check_fails_on_its_fault(
    con: duckdb.DuckDBPyConnection, settings: Settings, layer: Layer, name: str
) -> None:
    con.execute(FAULTS[layer][name])
    found = judged(con, settings, layer)
    outcome = found[name]
    assert not outcome.passed
    assert not outcome.broken
    assert outcome.failing_rows
    check = name.split(".")[1]
    assert outcome.samples or check in WITHOUT_SAMPLES
    assert not any("sample query failed" in sample for sample in outcome.samples)
    assert outcome.severity == ("warn" if check in WARNINGS else "error")
    assert passed([outcome]) is (check in WARNINGS)


@pytest.mark.parametrize("name", MIGRATION)
def test_a_migration_matrix_that_does_not_balance(
    con: duckdb.DuckDBPyConnection, settings: Settings, name: str
) -> None:
    con.execute(MIGRATION[name])
    outcome = judged(con, settings, "marts", EVERYTHING)["tier_migration.matrix_balances"]
    assert not outcome.passed
    assert outcome.samples


def test_every_check_has_a_fault(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    for layer, faults in FAULTS.items():
        checks = {name.split(".")[1] for name in judged(con, settings, layer)}
        assert checks - {"matrix_balances"} == {name.split(".")[1] for name in faults}


def test_late_master_data_warns_but_its_share_needs_enough_rows(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute("delete from staging.stg_accounts")
    window = Window(LAST_DAYS.as_of, LAST_DAYS.end)
    rows = con.execute(f"select count(*) from staging.stg_transactions where {TODAY}").fetchone()
    assert rows is not None
    assert 0 < rows[0] < 100
    found = judged(con, settings, "staging", window)
    assert found["stg_transactions.unknown_account"].failing_rows == rows[0]
    assert found["stg_transactions.unknown_account_share"].passed


def test_a_missing_mart_is_broken_and_hides_nothing(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute("drop table marts.tier_watch_list")
    con.execute(MARTS["tier_month.explanation_re_adds"])
    found = judged(con, settings, "marts")
    assert found["tier_watch_list.watch_list_is_current"].broken
    assert "tier_watch_list" in (found["tier_watch_list.watch_list_is_current"].error or "")
    assert not found["tier_month.explanation_re_adds"].passed
    assert not found["tier_month.explanation_re_adds"].broken
    assert found["tier_distribution.distribution_adds_up"].passed
    assert not passed(found.values())


def test_no_sample_shows_a_personal_column(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    for layer, faults in FAULTS.items():
        for fault in faults.values():
            con.execute(fault)
        for outcome in judged(con, settings, layer).values():
            for sample in outcome.samples:
                assert not {"name", "id_number", "phone", "address", "customer_id"} & set(sample)
