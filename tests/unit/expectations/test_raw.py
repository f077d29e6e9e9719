"""Every raw check fails on the fault it is there for, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest

from expectations.gate import passed
from orchestration.settings import Settings
from orchestration.state import Window
from tests.unit.expectations.bank import DAY, WINDOW, judged, landed
from tests.unit.expectations.bank import settings as bank_settings

LEDGER = "update control.load_ledger set"
TODAY = f"where loaded_on = date '{DAY}'"
OF = f"{TODAY} and table_name ="


@pytest.fixture(scope="module")
def bank() -> Iterator[duckdb.DuckDBPyConnection]:
    with landed() as con:
        yield con


@pytest.fixture
def con(bank: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The bank, as it was before each test."""
    bank.execute("begin")
    yield bank
    bank.execute("rollback")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return bank_settings(tmp_path_factory.mktemp("home"))


def test_a_clean_day_passes(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    found = judged(con, settings)
    assert [name for name, outcome in found.items() if not outcome.passed] == []
    assert passed(found.values())
    assert {outcome.table for outcome in found.values()} == {
        "transactions",
        "account_balances",
        "landing",
    }


def test_all_days_at_once_pass(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    found = judged(con, settings, Window(date(2024, 1, 1), WINDOW.end))
    assert [name for name, outcome in found.items() if not outcome.passed] == []


FAULTS = {
    "transactions.refused_files": (
        "insert into control.load_ledger by name select * replace ('r' as file_id, "
        "'bad.csv' as file_name, 'refused' as status, 'column amount is missing' as reason, "
        f"0 as rows_read, 0 as accepted) from control.load_ledger {OF} 'transactions'"
    ),
    "transactions.ledger_adds_up": f"{LEDGER} rows_read = rows_read + 1 {OF} 'transactions'",
    "transactions.unknown_columns": f"{LEDGER} unknown_columns = ['mood'] {OF} 'transactions'",
    "transactions.last_line_ends": f"{LEDGER} ends_open = true {OF} 'transactions'",
    "transactions.quarantined_rows": (
        f"{LEDGER} quarantined = 2, rows_read = rows_read + 2 {OF} 'transactions'"
    ),
    "transactions.quarantined_share": (
        f"{LEDGER} quarantined = 6, rows_read = rows_read + 6 {OF} 'transactions'"
    ),
    "transactions.volume_in_trend": (
        f"{LEDGER} rows_read = 29, accepted = 29 {OF} 'transactions'; "
        f"delete from raw.transactions {TODAY} and line_no > 30"
    ),
    "transactions.delivered": (
        f"delete from control.load_ledger {OF} 'transactions'; delete from raw.transactions {TODAY}"
    ),
    "landing.any_delivery": f"delete from control.load_ledger {TODAY}",
    "transactions.rows_equal_ledger": f"delete from raw.transactions {TODAY} and line_no = 7",
    "account_balances.rows_equal_ledger": (
        f"update raw.account_balances set row_status = 'duplicate' {TODAY} and line_no = 7"
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_check_fails_on_its_fault(
    con: duckdb.DuckDBPyConnection, settings: Settings, name: str
) -> None:
    con.execute(FAULTS[name])
    outcome = judged(con, settings)[name]
    assert not outcome.passed
    assert not outcome.broken
    assert outcome.failing_rows
    assert outcome.samples or name.endswith(("quarantined_rows", "delivered"))
    assert len(outcome.reason) > 40


def test_every_raw_check_has_a_fault(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    checks = {name.split(".")[1] for name in judged(con, settings)}
    assert checks == {name.split(".")[1] for name in FAULTS}


def test_files_that_never_end_their_last_line_are_not_suspect(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(f"{LEDGER} ends_open = true where table_name = 'transactions'")
    assert judged(con, settings)["transactions.last_line_ends"].passed


def test_only_errors_block(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    con.execute(FAULTS["transactions.volume_in_trend"])
    assert passed(judged(con, settings).values())
    con.execute(FAULTS["transactions.ledger_adds_up"])
    assert not passed(judged(con, settings).values())


def test_a_refused_file_is_named_with_its_reason(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(FAULTS["transactions.refused_files"])
    outcome = judged(con, settings)["transactions.refused_files"]
    assert outcome.samples == (
        {
            "loaded_on": DAY.isoformat(),
            "file_name": "bad.csv",
            "reason": "column amount is missing",
        },
    )


def test_a_share_at_the_limit_passes_and_one_row_never_blocks(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(f"{LEDGER} quarantined = 5, accepted = 95 {OF} 'transactions'")
    con.execute(f"{LEDGER} quarantined = 1, accepted = 0, rows_read = 1 {OF} 'account_balances'")
    found = judged(con, settings)
    assert found["transactions.quarantined_share"].passed
    assert found["account_balances.quarantined_share"].passed
    assert not found["account_balances.quarantined_rows"].passed


@pytest.mark.parametrize(("rows", "usual"), [(29, False), (30, True), (300, True), (301, False)])
def test_volume_band_includes_its_ends(
    con: duckdb.DuckDBPyConnection, settings: Settings, rows: int, usual: bool
) -> None:
    con.execute(f"{LEDGER} rows_read = {rows} {OF} 'transactions'")
    assert judged(con, settings)["transactions.volume_in_trend"].passed is usual


def test_the_first_delivery_is_no_measure_of_a_day(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(f"{LEDGER} rows_read = 1000000 where loaded_on = date '2024-01-01'")
    window = Window(date(2024, 1, 20), WINDOW.end)
    assert judged(con, settings, window)["transactions.volume_in_trend"].passed


def test_weekends_and_holidays_expect_no_delivery(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    saturday = Window(date(2024, 2, 3), date(2024, 2, 5))
    assert judged(con, settings, saturday)["landing.any_delivery"].passed
    con.execute(FAULTS["landing.any_delivery"])
    holiday = settings.model_copy(update={"holidays": (DAY,)})
    found = judged(con, holiday)
    assert found["landing.any_delivery"].passed
    assert found["transactions.delivered"].passed


def test_a_table_that_comes_now_and_then_is_not_missed(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(
        "delete from control.load_ledger where table_name = 'account_balances' "
        "and day(loaded_on) not in (1, 2)"
    )
    con.execute("delete from raw.account_balances where day(loaded_on) not in (1, 2)")
    assert judged(con, settings)["account_balances.delivered"].passed


def _miss(con: duckdb.DuckDBPyConnection, table: str, days: str) -> None:
    for name in ("control.load_ledger", f"raw.{table}"):
        of = f" and table_name = '{table}'" if name.startswith("control") else ""
        con.execute(f"delete from {name} where loaded_on {days}{of}")


def test_a_missing_table_is_missed_every_day_until_it_comes_again(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    _miss(con, "account_balances", f">= date '{DAY - timedelta(days=17)}'")
    outcome = judged(con, settings)["account_balances.delivered"]
    assert outcome.samples == ({"day": DAY.isoformat(), "last_delivered": "2024-01-19"},)
    since = judged(con, settings, Window(date(2024, 1, 1), WINDOW.end))
    assert since["account_balances.delivered"].observed == 14


@pytest.mark.parametrize(("days", "missed"), [(300, True), (400, False)])
def test_a_table_is_given_up_after_a_year(
    con: duckdb.DuckDBPyConnection, settings: Settings, days: int, missed: bool
) -> None:
    con.execute(
        f"{LEDGER} loaded_on = loaded_on - {days} where loaded_on < date '{DAY}' or "
        "table_name = 'account_balances'"
    )
    found = judged(con, settings)
    assert ("account_balances.delivered" in found) is missed
    if missed:
        assert not found["account_balances.delivered"].passed


def test_an_outage_of_before_excuses_nothing(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    _miss(con, "transactions", "between date '2024-01-10' and date '2024-01-19'")
    _miss(con, "transactions", f"= date '{DAY}'")
    assert not judged(con, settings)["transactions.delivered"].passed


def test_a_table_of_four_days_a_week_is_not_missed_on_the_fifth(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(
        "delete from control.load_ledger where table_name = 'transactions' "
        "and isodow(loaded_on) = 4"
    )
    assert judged(con, settings)["transactions.delivered"].passed


def test_a_day_without_any_file_is_one_finding_and_the_first(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(FAULTS["landing.any_delivery"])
    found = judged(con, settings)
    assert [name for name, outcome in found.items() if not outcome.passed] == [next(iter(found))]
    assert next(iter(found)) == "landing.any_delivery"


def test_a_small_table_may_have_a_day_without_rows(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(FAULTS["transactions.delivered"])
    con.execute(f"{LEDGER} rows_read = 9 where table_name = 'transactions'")
    assert judged(con, settings)["transactions.delivered"].passed
    con.execute(f"{LEDGER} rows_read = 10 where table_name = 'transactions'")
    assert not judged(con, settings)["transactions.delivered"].passed


def test_rows_replaced_by_a_later_day_count_as_superseded(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(
        f"update raw.transactions set superseded_on = date '{DAY + timedelta(days=4)}' "
        f"{TODAY} and line_no = 7"
    )
    assert not judged(con, settings)["transactions.rows_equal_ledger"].passed
    con.execute(f"{LEDGER} accepted = 99, superseded = 1 {OF} 'transactions'")
    assert judged(con, settings)["transactions.rows_equal_ledger"].passed


def test_a_missing_ledger_breaks_the_gate_and_says_so(settings: Settings) -> None:
    with duckdb.connect() as empty:
        found = judged(empty, settings)
    assert not passed(found.values())
    broken = found["transactions.ledger_adds_up"]
    assert broken.broken
    assert "load_ledger" in (broken.error or "")


def test_one_bad_aggregate_does_not_hide_the_others(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute("alter table control.load_ledger drop column unknown_columns")
    con.execute(FAULTS["transactions.ledger_adds_up"])
    found = judged(con, settings)
    assert found["transactions.unknown_columns"].broken
    assert found["transactions.unknown_columns"].blocks
    assert not found["transactions.ledger_adds_up"].broken
    assert not found["transactions.ledger_adds_up"].passed
    assert found["transactions.refused_files"].passed
