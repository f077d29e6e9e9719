"""Every figure of a sample bank against the slow reference, to the cent."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.reports.balances import average_daily_balance
from orchestration.state import Window
from tests.integration.warehouse.conftest import START, Compared
from tests.integration.warehouse.expected import (
    FACTS,
    MARTS,
    account_months,
    customer_months,
    table_differences,
)
from tests.integration.warehouse.explained_segments import explained
from tests.reference.days import ONE_DAY
from tests.reference.segments import whole_months

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("table", [*FACTS, *MARTS])
def test_every_row(compared: Compared, table: str) -> None:
    found, expected = table_differences(table, compared.warehouse, compared.reference)
    assert found == []
    assert expected, f"nothing is expected in {table}"


@pytest.mark.parametrize("table", FACTS)
def test_every_column(compared: Compared, table: str) -> None:
    key, expectation = FACTS[table]
    expected = {column for row in expectation(compared.reference).values() for column in row}
    built = compared.warehouse.con.execute(f"select * from {table} limit 0").description
    assert {column[0] for column in built or []} - set(key) == expected


def test_the_banks_are_worth_comparing(compared: Compared) -> None:
    reference = compared.reference
    assert any(row["late_change"] for row in account_months(reference).values())
    facts = customer_months(reference).values()
    assert any(fact["customer_type"] is None for fact in facts), "everybody is known"
    verdicts = reference.verdicts.values()
    assert {"new", "upgrade", "none"} <= {row["change"] for row in verdicts}
    assert {"none", "silent", "watched"} == {row["watch_state"] for row in verdicts}


def test_tiny_banks_know_of_everything_late(compared: Compared) -> None:
    if compared.truth is not None:
        pytest.skip("a sample bank is plausible, and a hundred customers bring few of these")
    facts = customer_months(compared.reference).values()
    for flow in ("own_transactions", "other_bank_outflow", "leads", "unmet_interests"):
        assert any(fact[f"late_{flow}"] for fact in facts), f"no {flow} comes late"
    for measure in ("accounts_ending", "loan_outstanding", "survey_score"):
        assert any(fact[measure] for fact in facts), f"nobody has {measure}"
    loans = compared.reference.loans.values()
    assert any(row["judged_on"].month != row["observed_on"].month for row in loans)
    assert any(row["status"] is None for row in loans), "all loans are known"
    assert any(row["external_source"] for row in compared.reference.trails.values())


def test_published_is_what_was_judged(compared: Compared) -> None:
    path = compared.home.settings.published_dir / "current" / "tenure.duckdb"
    with duckdb.connect(str(path.resolve(strict=True)), read_only=True) as con:
        published = con.execute("select * from tier_month order by all").fetchall()
    judged = compared.warehouse.con.execute("select * from marts.tier_month order by all")
    assert published == judged.fetchall()


def test_planted_tiers_are_found(compared: Compared) -> None:
    """The generator's own truth: what it planted, known at each month end."""
    if compared.truth is None:
        pytest.skip("a tiny bank plants nothing")
    planted = compared.warehouse.rows(
        f"select * from '{compared.truth}/customer_months/*.parquet' order by month, customer_id"
    )
    verdicts = compared.warehouse.table("marts.tier_month", "scheme_code", "customer_key", "month")
    wrong, seen = [], 0
    for row in planted:
        for scheme, measure, column, planted_as in (
            ("deposit_tiers", "deposit_adb", "measured_tier", "deposit_tier"),
            ("asset_tiers", "asset_adb", "band", "asset_band"),
        ):
            verdict = verdicts.get((scheme, row["customer_id"], row["month"]))
            if verdict is None or not verdict["is_closed"]:
                continue
            seen += 1
            if (verdict["measure_amount"], verdict[column]) != (row[measure], row[planted_as]):
                wrong.append((scheme, row, verdict["measure_amount"], verdict[column]))
    assert wrong == []
    closed = sum(period.is_closed for period in compared.reference.periods)
    assert seen > 100 * closed


def test_segments_follow_from_their_explanations(compared: Compared) -> None:
    assert explained(compared.warehouse, compared.reference.policies) == []


def test_planted_segments_are_found(compared: Compared) -> None:
    """Who was planted as what, and since when; some of it comes late and is not known yet."""
    if compared.truth is None:
        pytest.skip("a tiny bank plants nothing")
    rows = compared.warehouse.rows(f"select * from '{compared.truth}/customers.parquet'")
    planted = {row["customer_id"]: row for row in rows}
    verdicts = compared.warehouse.table("marts.segment_month", "customer_key", "month")
    closed = {key: row for key, row in verdicts.items() if row["is_closed"]}
    types = [
        row["customer_type"] == planted[who]["customer_type"] for (who, _), row in closed.items()
    ]
    novelty = [
        row["novelty"] == _novelty(planted[who], row["judged_on"])
        for (who, _), row in closed.items()
    ]
    assert len(closed) > 300
    assert sum(types) / len(types) > 0.98
    assert sum(novelty) / len(novelty) > 0.97


def _novelty(planted: dict[str, Any], day: date) -> str:
    """By the shipped three months."""
    opened, ended = planted["account_on"], planted["ended_on"]
    if opened is None or opened > day:
        return "potential"
    if ended is not None and ended <= day:
        return "former"
    return "new" if whole_months(opened, day + ONE_DAY) < 3 else "existing"


def test_average_daily_balance_of_any_days(compared: Compared) -> None:
    reference, chance = compared.reference, random.Random(5)
    accounts = sorted(reference.balances.known(reference.as_of))
    last = (reference.as_of - START).days
    for _ in range(400):
        account = chance.choice(accounts)
        first, end = sorted(chance.choices(range(-3, last + 20), k=2))
        days = Window(START + timedelta(days=first), START + timedelta(days=end + 1))
        known_on = START + timedelta(days=chance.randint(-2, last))
        found = average_daily_balance(
            compared.warehouse.con, compared.warehouse.key("account", account), days, known_on
        )
        # Nothing is known of an account before the first delivery of one of its balances that
        # lies in or before the days asked for.
        known = reference.balances.known(known_on).get(account, {})
        if not any(day < days.end for day in known):
            assert found is None
            continue
        every = reference.balances.daily(account, days.start, days.as_of, known_on)
        assert found is not None
        assert found.balance_days == sum(every)
        assert found.closing == every[-1]
        eve = days.start - ONE_DAY
        if any(day <= eve for day in known):
            assert found.opening == reference.balances.closing(account, eve, known_on)
        else:
            assert found.opening is None
        assert found.unknown_days == max((min(known) - days.start).days, 0)
        average = reference.balances.average(account, days.start, days.as_of, known_on)
        assert found.average == average


def test_balance_command(compared: Compared) -> None:
    reference = compared.reference
    account = max(reference.balances.known(reference.as_of).items(), key=lambda item: len(item[1]))[
        0
    ]
    first, last, known_on = date(2024, 2, 3), date(2024, 4, 9), date(2024, 4, 12)
    command = ["balance", account, "--from", str(first), "--to", str(last)]
    command += ["--as-of", str(known_on), "--home", str(compared.home.settings.home)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    average: Decimal = reference.balances.average(account, first, last, known_on)
    assert f"average {average:,} over 67 day(s)" in result.output
