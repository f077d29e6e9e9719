"""A landed bank in memory: control and raw tables with 30 business days of two tables."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

from expectations.check import CheckOutcome
from expectations.gate import run_gate
from orchestration.landing.contract import load_contract
from orchestration.landing.ledger import create_control_schema
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.settings import Settings, load_settings
from orchestration.state import Window

FIRST = date(2024, 1, 1)  # a Monday
DAY = date(2024, 2, 8)  # a Thursday
WINDOW = Window(DAY, DAY + timedelta(days=1))


def settings(home: Path) -> Settings:
    """Settings that do not depend on the environment."""
    return load_settings(
        home=home,
        first_day=FIRST,
        weekend=("saturday", "sunday"),
        holidays=(),
        quarantine_error_share=0.05,
        volume_low=0.3,
        volume_high=3.0,
    )


def landed() -> duckdb.DuckDBPyConnection:
    """Transactions (100 rows) and balances (60) on every business day up to DAY."""
    con = duckdb.connect()
    create_control_schema(con)
    create_raw_tables(con, load_contract())
    days = (
        "(select day::date as day from range(date '2024-01-01', date '2024-02-09', "
        "interval 1 day) as t(day) where isodow(day) < 6)"
    )
    con.execute(
        "insert into raw.transactions by name select day || '-' || i as transaction_id, "
        "'A' || i as account_id, day as booked_on, 10 as amount, 'cash' as kind, "
        "'atm' as channel, day as loaded_on, 't' || day as file_id, i + 2 as line_no, "
        f"'accepted' as row_status from {days}, range(100) as r(i)"
    )
    con.execute(
        "insert into raw.account_balances by name select 'A' || i as account_id, "
        "day as balance_on, 5 as closing_balance, day as loaded_on, 'b' || day as file_id, "
        f"i + 2 as line_no, 'accepted' as row_status from {days}, range(60) as r(i)"
    )
    for table in ("transactions", "account_balances"):
        con.execute(
            "insert into control.load_ledger by name select file_id, "
            f"'{table}' as table_name, loaded_on, 'part.csv' as file_name, file_id as sha256, "
            "1 as bytes, 1 as modified_ns, 'loaded' as status, count(*) as rows_read, "
            "count(*) as accepted, 0 as duplicate, 0 as superseded, 0 as quarantined, "
            "[] as unknown_columns, 1 as version, now()::timestamp as recorded_at "
            f"from raw.{table} group by file_id, loaded_on"
        )
    return con


def judged(
    con: duckdb.DuckDBPyConnection, settings: Settings, window: Window = WINDOW
) -> dict[str, CheckOutcome]:
    """The raw gate's outcomes by 'table.check'."""
    outcomes = run_gate(con, "raw", window, settings)
    return {f"{outcome.table}.{outcome.check}": outcome for outcome in outcomes}
