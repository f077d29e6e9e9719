"""Every figure of a sample bank against the slow reference, to the cent."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.reports.balances import average_daily_balance
from orchestration.state import Window
from tests.integration.warehouse.conftest import START, Compared
from tests.integration.warehouse.reading import differences
from tests.reference import marts
from tests.reference.days import ONE_DAY
from tests.reference.months import blank

pytestmark = pytest.mark.slow


def test_account_months(compared: Compared) -> None:
    reference = compared.reference
    expected = {}
    for period in reference.periods:
        for account in reference.balances.known(period.judged_on):
            row = reference.balances.month(account, period)
            assert row is not None
            expected[account, period.month] = vars(row)
    found = compared.warehouse.table("facts.int_account_balance_month", "account_key", "month")
    assert differences(found, expected) == []
    assert any(row["late_change"] for row in expected.values()), "nothing came late"


def test_customer_months(compared: Compared) -> None:
    expected = {
        (customer, month): fact
        for month, facts in compared.reference.facts.items()
        for customer, fact in facts.items()
    }
    found = compared.warehouse.table("facts.fct_customer_month", "customer_key", "month")
    # Who appears only with something taken back in the same month may stand there with nothing.
    calendar = {"judged_on", "days_judged", "is_closed"}
    for key in found.keys() - expected.keys():
        assert {name: found[key][name] for name in blank()} == blank(), key
        expected[key] = blank() | {name: found[key][name] for name in calendar}
    assert differences(found, expected) == []
    assert any(fact["transactions"] for fact in expected.values())
    assert any(fact["customer_type"] is None for fact in expected.values()), "everybody is known"


def test_verdicts(compared: Compared) -> None:
    found = compared.warehouse.table("marts.tier_month", "scheme_code", "customer_key", "month")
    assert differences(found, compared.reference.verdicts) == []
    assert {"new", "upgrade", "none"} <= {row["change"] for row in found.values()}
    assert {"none", "silent", "watched"} == {row["watch_state"] for row in found.values()}


def test_today(compared: Compared) -> None:
    expected = marts.today(compared.reference.verdicts, compared.reference.periods[-1])
    found = compared.warehouse.table("marts.tier_today", "scheme_code", "customer_key")
    assert differences(found, expected) == []


def test_watch_lists(compared: Compared) -> None:
    reference = compared.reference
    latest = marts.today(reference.verdicts, reference.periods[-1])
    expected = marts.watch_lists(reference.policies, latest, reference.periods[-1])
    found = compared.warehouse.table(
        "marts.tier_watch_list", "list_code", "scheme_code", "customer_key"
    )
    assert differences(found, expected) == []
    assert len({key[0] for key in expected}) > 1


def test_distribution(compared: Compared) -> None:
    reference = compared.reference
    expected = marts.distribution(reference.policies, reference.verdicts, reference.periods)
    found = compared.warehouse.table("marts.tier_distribution", "scheme_code", "month", "tier_rank")
    assert differences(found, expected) == []


def test_migration(compared: Compared) -> None:
    reference = compared.reference
    expected = marts.migration(reference.verdicts, reference.periods)
    found = compared.warehouse.table(
        "marts.tier_migration", "scheme_code", "month", "from_tier", "to_tier"
    )
    assert differences(found, expected) == []


def test_changes(compared: Compared) -> None:
    expected = marts.changes(compared.reference.verdicts, compared.reference.periods)
    found = compared.warehouse.table("marts.tier_changes", "scheme_code", "customer_key", "month")
    assert differences(found, expected) == []


def test_history(compared: Compared) -> None:
    expected = marts.history(compared.reference.verdicts, compared.reference.periods)
    found = compared.warehouse.table(
        "marts.tier_history", "scheme_code", "customer_key", "valid_from"
    )
    assert differences(found, expected) == []


def test_restatement(compared: Compared) -> None:
    expected = compared.reference.restated()
    found = compared.warehouse.table(
        "marts.tier_restatement", "scheme_code", "customer_key", "month"
    )
    assert differences(found, expected) == []
    assert expected, "nothing learned late changed a past month"


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
        assert found.opening == reference.balances.closing(account, eve, known_on)
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
