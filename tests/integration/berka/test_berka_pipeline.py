"""The published Berka bank through the whole pipeline, 1993 to 1998, against its own files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from expectations.gate import run_gate
from orchestration.cli import app
from orchestration.reports.balances import average_daily_balance
from orchestration.settings import load_settings
from orchestration.sources.berka import import_berka
from orchestration.state import Window
from orchestration.warehouse import open_warehouse
from tests.integration.berka.conftest import BERKA, NEEDS_BERKA
from tests.integration.berka.ledger import ledger
from tests.integration.berka.published import FIRST_DAY, Day, PublishedBank
from tests.integration.warehouse.expected import MARTS
from tests.integration.warehouse.reading import Warehouse, differences
from tests.reference import marts
from tests.reference.balances import Balances, to_cents
from tests.reference.bank import ReferenceBank
from tests.reference.days import add_months, each_day, month_of
from tests.reference.policies import Policies
from tests.support.home import Home
from tests.unit.sources.booking_order import ROUNDING

LAST_DAY = date(1998, 12, 31)
# First month of which the copy with gaps lacks rows.
GAPS_FROM = date(1994, 3, 1)
# Shares are recorded as floating point numbers.
TINY = Decimal("1e-9")

pytestmark = [pytest.mark.slow, NEEDS_BERKA]


@dataclass(frozen=True)
class Berka:
    """The files, and the home they were run in."""

    published: PublishedBank
    home: Home
    warehouse: Warehouse

    def key(self, entity: str, number: str) -> int:
        """A surrogate key."""
        return self.warehouse.key(entity, number)


@pytest.fixture(scope="module")
def berka(published: PublishedBank, tmp_path_factory: pytest.TempPathFactory) -> Berka:
    """Imported and run as one range of 2,191 days."""
    folder = tmp_path_factory.mktemp("berka") / "home"
    import_berka(BERKA, folder)
    assert load_settings(home=folder).first_day == FIRST_DAY
    home = Home(folder, first_day=FIRST_DAY, threads=2)
    home.run(FIRST_DAY, LAST_DAY)
    warehouse = Warehouse(home.settings.warehouse_path, home.settings.key_salt)
    return Berka(published, home, warehouse)


def test_everybody_arrives(berka: Berka) -> None:
    published, con = berka.published, berka.warehouse.con
    assert (len(published.clients), len(published.accounts)) == (5_369, 4_500)
    clients = con.execute("select customer_id from vault.customer_identity").fetchall()
    assert {client for (client,) in clients} == {row["client_id"] for row in published.clients}
    judged = con.execute(
        "select count(distinct customer_key), count(distinct scheme_code) from marts.tier_today"
    ).fetchone()
    assert judged == (5_369, 3)
    accounts = con.execute(
        "select distinct account_id from raw.accounts where product_id = 'current'"
    ).fetchall()
    assert {account for (account,) in accounts} == set(published.accounts)


def test_every_row_stands_in_the_ledger(berka: Berka) -> None:
    fates = "accepted + duplicate + superseded + quarantined"
    sums = berka.warehouse.con.execute(
        f"select sum(rows_read), sum(accepted), sum({fates}) from control.load_ledger "
        "where table_name = 'transactions'"
    ).fetchone()
    rows = sum(map(len, berka.published.bookings.values()))
    assert sums == (rows, rows, rows)
    astray = berka.warehouse.con.execute(
        f"select count(*) from control.load_ledger where rows_read <> {fates}"
    ).fetchone()
    assert astray == (0,)


def test_bookings_are_those_published(berka: Berka) -> None:
    """Per account and month, counts and flows, from staging to the customer's month."""
    owners = {
        row["account_id"]: row["client_id"]
        for row in berka.published.dispositions
        if row["type"] == "OWNER"
    }
    expected: dict[tuple[str, date], list[Any]] = {}
    for account, bookings in berka.published.bookings.items():
        for booking in bookings:
            place = (owners[account], month_of(booking.booked_on))
            sums = expected.setdefault(place, [0, Decimal(0), Decimal(0)])
            sums[0] += 1
            sums[1 if booking.amount > 0 else 2] += abs(booking.amount)
    rows = berka.warehouse.rows(
        "select customer_key, month, transactions, inflow, outflow "
        "from facts.fct_customer_month where transactions > 0"
    )
    found = {
        (row["customer_key"], row["month"]): [row["transactions"], row["inflow"], row["outflow"]]
        for row in rows
    }
    assert found == expected


def test_closing_balances_of_all_days(berka: Berka) -> None:
    """Every day ends as one of the likeliest orders of its rows does: to the cent, without luck."""
    rows = berka.warehouse.rows(
        "select account_key, effective_on, sum(change_amount) over ("
        "partition by account_key order by effective_on) as closing "
        "from facts.int_balance_changes order by account_key, effective_on"
    )
    changed: dict[str, dict[date, Decimal]] = {}
    for row in rows:
        changed.setdefault(row["account_key"], {})[row["effective_on"]] = row["closing"]
    wrong, plain, every = [], 0, 0
    for account in berka.published.accounts:
        balance = Decimal(0)
        for day in berka.published.days(account):
            balance = changed[account].get(day.on, balance)
            every += 1
            plain += day.closing is not None
            if balance not in day.closings:
                wrong.append((account, day, balance))
    assert wrong == []
    assert plain / every > 0.99


def test_averages_of_random_accounts_and_windows(berka: Berka) -> None:
    """As known on a random day: windows before the first booking, over gaps, beyond what is known.

    Where a day's order is open, the average lies between the least and the most it can be.
    """
    chance = random.Random(8)
    accounts = sorted(berka.published.accounts)
    plain, unknown = 0, 0
    for _ in range(400):
        account = chance.choice(accounts)
        first = FIRST_DAY + timedelta(chance.randrange(2_191))
        last = min(first + timedelta(chance.randrange(400)), LAST_DAY)
        as_of = first + timedelta(chance.randrange((LAST_DAY - first).days + 1))
        days = [day for day in berka.published.days(account) if day.on <= min(last, as_of)]
        found = average_daily_balance(
            berka.warehouse.con,
            berka.key("account", account),
            Window(first, last + timedelta(1)),
            as_of,
        )
        if not days:
            assert found is None
            unknown += 1
            continue
        assert found is not None
        least, most = (_average(days, first, last, bound) for bound in (min, max))
        assert least <= found.average <= most, (account, first, last, as_of)
        assert found.closing in days[-1].closings
        plain += least == most
    assert plain > 200
    assert unknown > 10


def _average(
    days: list[Day], first: date, last: date, bound: Callable[[frozenset[Decimal]], Decimal]
) -> Decimal:
    """Every day's closing balance, summed up and divided once; nothing before the first booking."""
    by_day = {day.on: bound(day.closings) for day in days}
    before = [day.on for day in days if day.on < first]
    balance = by_day[before[-1]] if before else Decimal(0)
    every = []
    for on in each_day(first, last):
        balance = by_day.get(on, balance)
        every.append(balance)
    return to_cents(sum(every, Decimal(0)) / len(every))


def test_tiers_of_random_clients(berka: Berka) -> None:
    """Forty clients' whole lives, judged again from the published rows."""
    chance = random.Random(4)
    chosen: list[str] = []
    while len(chosen) < 40:
        client = chance.choice(berka.published.clients)["client_id"]
        if client not in chosen and berka.published.deliveries([client]) is not None:
            chosen.append(client)
    deliveries = berka.published.deliveries(chosen)
    assert deliveries is not None
    policies = Policies.read(berka.home.bank.dbt.policy_dir())
    reference = ReferenceBank(deliveries, policies, FIRST_DAY, LAST_DAY)
    for table, expected in (
        ("marts.tier_month", reference.verdicts),
        ("marts.tier_today", marts.today(reference.verdicts, reference.periods[-1])),
        ("marts.tier_changes", marts.changes(reference.verdicts, reference.periods)),
        ("marts.tier_history", marts.history(reference.verdicts, reference.periods)),
    ):
        key, _ = MARTS[table]
        found = berka.warehouse.table(table, *key)
        ours = {place: row for place, row in found.items() if place[1] in chosen}
        assert differences(ours, expected) == [], table
    assert {row["change"] for row in reference.verdicts.values()} >= {"upgrade", "downgrade"}


def test_gaps_are_warned_of_and_block_nothing(berka: Berka, has_gaps: bool) -> None:
    rows = {
        row["check_name"]: row
        for row in berka.warehouse.rows(
            "select * from control.gate_results "
            "where check_name in ('ledger_ties', 'ledger_difference')"
        )
    }
    assert {row["severity"] for row in rows.values()} == {"warn"}
    assert [row["passed"] for row in rows.values()] == [not has_gaps] * 2
    expected = ledger(berka.published, LAST_DAY, berka.home.settings.ledger_tolerance)
    for check, (least, most) in (
        ("ledger_ties", expected.share),
        ("ledger_difference", expected.share_of_turnover),
    ):
        assert least - TINY <= Decimal(rows[check]["observed"]) <= most + TINY, check
        assert expected.apart[0] <= rows[check]["failing_rows"] <= expected.apart[1], check
        assert most - least < Decimal("0.01"), "the days that are open decide next to nothing"
    if has_gaps:
        assert expected.apart[0] > 100_000
        assert json.loads(rows["ledger_ties"]["samples"])
    failed = berka.warehouse.con.execute(
        "select check_name from control.gate_results where not passed and severity = 'error'"
    ).fetchall()
    assert failed == []
    current = berka.home.settings.published_dir / "current" / "tenure.duckdb"
    with duckdb.connect(str(current.resolve(strict=True)), read_only=True) as con:
        assert con.execute("select max(as_of) from published_version").fetchone() == (LAST_DAY,)


def test_complete_window_ties_within_rounding(berka: Berka) -> None:
    """Bookings against balances, account month by account month, before the first gap."""
    months = berka.warehouse.table("facts.int_account_balance_month", "account_key", "month")
    compared, apart = 0, Decimal(0)
    for account, bookings in berka.published.bookings.items():
        sums: dict[date, Decimal] = {}
        interest: dict[date, int] = {}
        for booking in bookings:
            month = month_of(booking.booked_on)
            sums[month] = sums.get(month, Decimal(0)) + booking.amount
            interest[month] = interest.get(month, 0) + booking.is_interest
        for month, booked in sums.items():
            if month < GAPS_FROM:
                row = months[account, month]
                difference = abs(booked - (row["closing_balance"] - row["opening_balance"]))
                assert difference <= ROUNDING * interest[month], (account, month, difference)
                compared += 1
                apart += difference
    assert compared > 7_000
    assert apart < 300


def test_facts_gate_of_the_complete_window_is_silent(berka: Berka) -> None:
    with open_warehouse(berka.home.settings) as con:
        outcomes = run_gate(con, "facts", Window(FIRST_DAY, GAPS_FROM), berka.home.settings)
    assert [outcome.check for outcome in outcomes if not outcome.passed] == []


@pytest.mark.parametrize("client", ["1", "2873", "13998"])
def test_explain_a_client(berka: Berka, client: str) -> None:
    home = str(berka.home.settings.home)
    result = CliRunner().invoke(app, ["explain", client, "--home", home, "--months", "3"])
    assert result.exit_code == 0, result.output
    key = berka.key("customer", client)
    today = berka.warehouse.table("marts.tier_today", "scheme_code", "customer_key")
    for scheme in ("deposit_tiers", "asset_tiers", "mass_tiers"):
        row = today[scheme, client]
        assert f"{scheme}: {row['held_tier']}" in result.output
        assert f"{row['measure_amount']:.2f}" in result.output.replace(",", "")
    assert f"key {key}" in result.output


def test_balance_of_an_account(berka: Berka) -> None:
    account = next(a for a in berka.published.accounts if berka.published.plain_balances(a))
    [owner] = {
        row["client_id"]
        for row in berka.published.dispositions
        if row["account_id"] == account and row["type"] == "OWNER"
    }
    deliveries = berka.published.deliveries([owner])
    assert deliveries is not None
    first, last = add_months(FIRST_DAY, 26), add_months(FIRST_DAY, 29)
    command = ["balance", account, "--from", str(first), "--to", str(last)]
    result = CliRunner().invoke(app, [*command, "--home", str(berka.home.settings.home)])
    assert result.exit_code == 0, result.output
    average = Balances(deliveries).average(account, first, last, LAST_DAY)
    assert f"average {average:,} over" in result.output


def test_every_client_has_one_stage_in_every_month(berka: Berka) -> None:
    """From the month of the first product on, without a gap, to the last."""
    months = berka.warehouse.rows(
        "select customer_key, min(month) as first, count(*) as months, "
        "count(distinct month) as different from marts.lifecycle_month group by customer_key"
    )
    assert {row["customer_key"] for row in months} == {
        row["client_id"] for row in berka.published.clients
    }
    end = month_of(LAST_DAY)
    for row in months:
        since = (end.year - row["first"].year) * 12 + end.month - row["first"].month + 1
        assert row["months"] == row["different"] == since, row
    opened = berka.warehouse.rows(
        "select customer_key, date_trunc('month', min(first_account_on))::date as month "
        "from facts.fct_customer_trail group by customer_key having month is not null"
    )
    first = {row["customer_key"]: row["first"] for row in months}
    assert len(opened) == 4_500
    assert all(first[row["customer_key"]] <= row["month"] for row in opened)


def test_flows_between_stages_balance(berka: Berka) -> None:
    rows = berka.warehouse.table("marts.lifecycle_stage_month", "month", "stage")
    assert len({month for month, _ in rows}) == 72
    # What clients have elsewhere is not published, so nobody is mature; no account is ever closed.
    assert {stage for (_, stage), row in rows.items() if row["customers"]} == {
        "prospect", "developing", "growing", "declining",
    }  # fmt: skip
    for (month, stage), row in rows.items():
        assert row["opening"] + row["customers_in"] - row["customers_out"] == row["closing"]
        assert row["closing"] == row["customers"]
        before = rows.get((add_months(month, -1), stage))
        assert row["opening"] == (before["customers"] if before else 0), (month, stage)
