"""What is published, built and found, and why."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.options import (
    DAYS,
    Home,
    Refused,
    can_be_written,
    require_published,
)
from orchestration.settings import load_settings
from orchestration.terminal import console


def explain(
    customer: Annotated[str, typer.Argument(help="The bank's number, or the surrogate key.")],
    home: Home = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=DAYS, help="The day asked about; else the published one."),
    ] = None,
    months: Annotated[int, typer.Option(min=1, help="How many judgements to show.")] = 6,
) -> None:
    """Say why a customer is graded so: measures, rule, policy version, distance to the bounds."""
    from orchestration.reports.explain import explain as explain_customer

    settings = load_settings(home=home)
    require_published(settings)
    explain_customer(settings, customer, as_of.date() if as_of else None, months, console)


def overview(home: Home = None) -> None:
    """Show tiers and watch lists of the published version, as the demo does."""
    from orchestration.reports.overview import overview as show_overview

    settings = load_settings(home=home)
    require_published(settings)
    show_overview(settings, console)


def backtest(
    home: Home = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=DAYS, help="Tests made by this day; else all of them."),
    ] = None,
) -> None:
    """Show how expectations of forward value did against what happened, model by model."""
    from orchestration.publish.reader import open_published
    from orchestration.reports.backtest import print_backtest

    settings = load_settings(home=home)
    require_published(settings)
    with open_published(settings.published_dir) as con:
        print_backtest(con, as_of.date() if as_of else date.max, console)


def rating(
    home: Home = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=DAYS, help="Cohorts told by this day; else all of them."),
    ] = None,
) -> None:
    """Show how the corporate rating did: default rates per grade, PDs, migration, overrides."""
    from orchestration.publish.reader import open_published
    from orchestration.reports.rating_backtest import print_rating

    settings = load_settings(home=home)
    require_published(settings)
    with open_published(settings.published_dir) as con:
        print_rating(con, as_of.date() if as_of else date.max, settings.policy_dir, console)


def balance(
    account: Annotated[str, typer.Argument(help="The bank's account number.")],
    first: Annotated[datetime, typer.Option("--from", formats=DAYS, help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=DAYS, help="Last day.")],
    home: Home = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=DAYS, help="As known on this day; else as known now."),
    ] = None,
) -> None:
    """The average daily balance of an account over any days, as known on any day."""
    from orchestration.keys import surrogate_key
    from orchestration.reports.balances import average_daily_balance, in_words
    from orchestration.state import Window, read_mark
    from orchestration.warehouse import open_warehouse

    settings = load_settings(home=home)
    if last.date() == date.max:
        raise Refused(f"--to {last.date()} is no day that a balance can be asked for")
    days = Window(first.date(), last.date() + timedelta(days=1))
    if days.start >= days.end:
        raise Refused(f"--from {days.start} lies after --to {days.as_of}")
    require_published(settings)
    key = surrogate_key("account", account, settings.key_salt)
    with open_warehouse(settings, read_only=True) as con:
        built = read_mark(con, "facts")
        found = average_daily_balance(con, key, days, as_of.date() if as_of else date.max)
    if found is None or built is None:
        raise Refused(f"no balance of account {account!r} is known up to {days.as_of}")
    known = min(built.through, as_of.date()) if as_of else built.through
    console.print(in_words(found, days, known), highlight=False)


def status(home: Home = None) -> None:
    """Show what is loaded, built, gated and published, and what waits."""
    from orchestration.reports.status import status as show_status

    show_status(load_settings(home=home), console)


def quarantine(
    home: Home = None,
    table: Annotated[str | None, typer.Option(help="Of this table of the contract only.")] = None,
    on: Annotated[
        datetime | None, typer.Option("--date", formats=DAYS, help="Delivered on this day only.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 50,
    csv: Annotated[
        Path | None,
        typer.Option(callback=can_be_written, help="Write all of them to this file instead."),
    ] = None,
) -> None:
    """List the rows that were kept out: file, line, column, value and reason."""
    from orchestration.reports.quarantine import show_quarantine

    settings = load_settings(home=home)
    show_quarantine(settings, table, on.date() if on else None, limit, csv, console)


def doctor(home: Home = None) -> None:
    """Check that this installation can run, and say what would stop it."""
    from orchestration.reports.doctor import doctor as look

    if not look(load_settings(home=home), console):
        raise Refused("something needs attention, see the lines marked ACT")


def ui(
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port of the web server.")] = 3000,
) -> None:
    """Open the Dagster UI on this home."""
    import os
    import signal

    from orchestration.instance import prepare_dagster_home
    from orchestration.settings import REPOSITORY

    settings = load_settings(home=home)
    prepare_dagster_home(settings)
    os.environ["TENURE_HOME"] = str(settings.home)
    # What Dagster deprecates is for its callers, not for who looks at a graph.
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    os.chdir(REPOSITORY)
    # A shell that starts it in the background has it ignore both; Dagster hands that on.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    dagster = str(Path(sys.executable).with_name("dagster"))
    os.execv(dagster, [dagster, "dev", "-w", "workspace.yaml", "-p", str(port)])
