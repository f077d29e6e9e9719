"""A past month with today's knowledge: as the restatement mart has it, with the late rows."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.rejudge.compare import (
    compare,
    late_rows_of_movers,
    write_late_rows,
    write_moves,
)
from orchestration.rejudge.restate import restate
from orchestration.rejudge.scratch import CannotAsk
from tests.integration.warehouse.test_random_policies import FIRST, LAST, draw_bank
from tests.support.home import Home

pytestmark = pytest.mark.slow

MONTH = date(2024, 2, 1)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Customers who move between the bounds, and of whom the bank learns late."""
    home = Home(tmp_path_factory.mktemp("bank") / "home", first_day=FIRST)
    home.land(draw_bank(1).files())
    home.run(FIRST, LAST)
    return home


def published(home: Home, query: str) -> list[tuple[object, ...]]:
    """Rows of the home's marts."""
    with duckdb.connect(str(home.settings.warehouse_path), read_only=True) as con:
        return con.execute(query).fetchall()


def test_today_s_knowledge_is_what_the_mart_of_restated_tiers_says(
    bank: Home, tmp_path: Path
) -> None:
    untouched = bank.settings.warehouse_path.read_bytes()
    with restate(bank.settings, MONTH.replace(day=17)) as (con, judged):
        compare(con, judged)
        write_moves(con, tmp_path / "moves.csv")
        listed = write_late_rows(con, tmp_path / "late.csv")
        found = con.execute(
            "select family, customer_key, verdict_before, verdict_after from moves "
            "where month = ? and family in (select distinct scheme_code from marts.tier_month) "
            "order by all",
            [MONTH],
        ).fetchall()
        measures = con.execute(
            "select scheme_code, customer_key, measure_amount from marts.tier_month order by all"
        ).fetchall()
        late = late_rows_of_movers(con)
    assert bank.settings.warehouse_path.read_bytes() == untouched
    expected = published(
        bank,
        "select scheme_code, customer_key, tier_then, tier_now from marts.tier_restatement "
        f"where month = date '{MONTH}' and is_judged_differently order by all",
    )
    assert found == expected
    assert found, "nobody's verdict depends on what came late"
    again = published(
        bank,
        "select scheme_code, customer_key, coalesce(r.measure_now, m.measure_amount) "
        "from marts.tier_month as m left join marts.tier_restatement as r "
        f"using (scheme_code, customer_key, month) where month = date '{MONTH}' order by all",
    )
    assert measures == again
    assert "account_balances" in {table for table, *_ in late}
    lines = (tmp_path / "moves.csv").read_text().splitlines()
    movers = {line.split(",")[2] for line in lines if "account_balances: " in line}
    assert movers
    assert listed == sum(rows for *_, rows in late)
    rows = list(csv.DictReader((tmp_path / "late.csv").open()))
    assert len(rows) == listed
    late_balances = [row for row in rows if row["table_name"] == "account_balances"]
    assert {row["customer_key"] for row in late_balances} == movers
    for row in rows[:20]:
        delivered = (bank.settings.landing_dir / row["file"]).read_text().splitlines()
        assert row["happened_on"] in delivered[int(row["line"]) - 1]


def test_every_family_is_restated_as_in_a_bank_where_all_came_in_time(
    bank: Home, tmp_path: Path
) -> None:
    """The same rows, each delivered on the day it speaks of, judged in a home of their own."""
    verdicts = (
        "from (unpivot (select * exclude (judged_on, is_closed, sub_state, relationship_stage, "
        "is_reactivated, decline_strategy, star_points, star_coverage, suitable_up_to, "
        "value_current, value_potential, assets, "
        "debts, income, cost, asset_tier, deposit_tier, mass_tier, asset_band) "
        f"from marts.customer_month where month = date '{MONTH}') "
        "on columns(* exclude (month, customer_key)) into name family value verdict)"
    )
    punctual = Home(tmp_path / "punctual", first_day=FIRST)
    punctual.land(draw_bank(1).in_time(FIRST).files())
    punctual.run(FIRST, LAST)
    then, now = (
        {
            (family, key): verdict
            for family, key, verdict in published(
                home, f"select family, customer_key, verdict {verdicts}"
            )
        }
        for home in (bank, punctual)
    )
    with restate(bank.settings, MONTH) as (con, judged):
        compare(con, judged)
        found = con.execute(
            "select family, customer_key, verdict_before, verdict_after from moves "
            "where family not in (select scheme_code from marts.tier_month)"
        ).fetchall()
    assert set(found) == {
        (*place, then.get(place), now.get(place))
        for place in then.keys() | now.keys()
        if then.get(place) != now.get(place)
    }
    assert len({family for family, *_ in found}) >= 4


def test_late_rows_are_those_known_after_their_month(bank: Home) -> None:
    end = date(2024, 3, 1)
    with restate(bank.settings, MONTH) as (con, _):
        counted = con.execute(
            "select count(*) from late_rows where table_name = 'account_balances'"
        ).fetchone()
    expected = published(
        bank,
        "select count(*) from staging.stg_account_balances where balance_on < "
        f"date '{end}' and known_on > date '{FIRST}' and known_on >= "
        "date_trunc('month', balance_on) + interval 1 month",
    )
    assert [counted] == expected


def test_a_month_that_is_not_judged_cannot_be_restated(bank: Home) -> None:
    with (
        pytest.raises(CannotAsk, match="months are judged from"),
        restate(bank.settings, date(2024, 8, 1)),
    ):
        pass
