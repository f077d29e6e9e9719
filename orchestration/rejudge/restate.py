"""A past month with today's knowledge: what the models say of a bank whose rows all came in time.

Every row that holds today is taken as delivered on the day it speaks of, and everything from raw on
is built again. So all families of verdicts are restated by the very models that judge, with the
bounds that depend on the whole population, and with every month before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import duckdb

from orchestration.dbt.project import DbtProject
from orchestration.landing.contract import Contract, load_contract
from orchestration.rejudge.judgements import Judgement, judgements
from orchestration.rejudge.late import find_late_rows
from orchestration.rejudge.scratch import (
    copy_as_judged,
    copying,
    judged_days,
    require_judged,
    scratch_home,
)
from orchestration.settings import Settings
from orchestration.state import ONE_DAY, Window
from orchestration.warehouse import open_warehouse


@contextmanager
def restate(
    settings: Settings, month: date
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Judgement]]]:
    """A scratch warehouse with both verdicts of a month: as judged, and in marts as of today.

    `month` is any day of it. Table late_rows has what was learned too late (late.py). The
    warehouse is only read.

    Raises CannotAsk for a month that is not judged yet.
    """
    with scratch_home(settings) as scratch:
        days = judged_days(settings)
        require_judged(month, month, days)
        first = month.replace(day=1)
        end = (first + timedelta(days=32)).replace(day=1)
        project = DbtProject(scratch)
        contract = load_contract()
        judged = judgements(project.manifest_json)
        with copying(settings, scratch) as con:
            copy_as_judged(con, sorted({one.table for one in judged}), first, end)
            find_late_rows(con, contract, settings.key_salt, days[0], end)
            _copy_policies(con)
            _copy_in_time(con, contract, days[0])
        window = Window(days[0], days[1] + ONE_DAY)
        project.judge(["fqn:tenure.staging", "fqn:tenure.intermediate"], window, days[0])
        project.judge(["fqn:tenure.marts"], window, days[0])
        with open_warehouse(scratch) as con:
            for table in {one.table for one in judged}:
                con.execute(f"delete from marts.{table} where month <> ?", [first])
            yield con, judged


def _copy_policies(con: duckdb.DuckDBPyConnection) -> None:
    names = con.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'home' and schema_name = 'policy'"
    ).fetchall()
    for (name,) in names:
        con.execute(f"create table policy.{name} as from home.policy.{name}")


def _copy_in_time(con: duckdb.DuckDBPyConnection, contract: Contract, first_day: date) -> None:
    """Raw rows that hold today, each as delivered on its day or, if that was before, at first."""
    for name, table in contract.tables.items():
        con.execute(
            f"create table raw.{name} as select * replace ("
            f"least(loaded_on, greatest({table.happened}, cast($first_day as date))) as loaded_on) "
            f"from home.raw.{name} where row_status = 'accepted' and superseded_on is null",
            {"first_day": first_day},
        )
