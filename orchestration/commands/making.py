"""Banks: made up, imported, or shown as a demo."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.options import DAYS, DemoHome, Home
from orchestration.commands.running import run_days_and_say
from orchestration.days import delivered_days
from orchestration.settings import REPOSITORY, Settings, load_settings
from orchestration.terminal import console, progress


def generate(
    home: Home = None,
    customers: Annotated[int, typer.Option(help="Size of the bank.")] = 2000,
    months: Annotated[int, typer.Option(help="Length of its history.")] = 6,
    start: Annotated[
        datetime,
        typer.Option(formats=DAYS, help="First day.", show_default="2024-01-01"),
    ] = datetime(2024, 1, 1),
    seed: Annotated[int, typer.Option(help="The same seed is the same bank.")] = 1,
    late_share: Annotated[float, typer.Option(help="Share of rows delivered late.")] = 0.02,
    defect_share: Annotated[float, typer.Option(help="Planted bad rows, as a share.")] = 0.002,
    file_format: Annotated[str, typer.Option(help="csv, csv.gz or parquet.")] = "csv",
) -> None:
    """Write a sample bank's deliveries, with its known truth beside them."""
    from orchestration.sample_bank.generate import generate as generate_bank
    from orchestration.writer_lock import writer_lock

    settings = load_settings(home=home)
    lock = writer_lock(settings.lock_path, settings.writer_wait_seconds)
    with lock, progress("generating") as show:
        summary = generate_bank(
            settings.home,
            customers,
            start.date(),
            months,
            seed,
            late_share=late_share,
            defect_share=defect_share,
            file_format=file_format,  # type: ignore[arg-type]  # checked by the generator
            progress=lambda done, total, label: show(f"{label} ({done} of {total})"),
        )
    _remember_first_day(settings, start.date())
    console.print(
        f"{sum(summary.rows.values()):,} rows in {summary.files:,} files under {summary.landing}; "
        f"{summary.late_rows:,} late and {summary.defect_rows:,} planted bad rows; "
        f"the truth stands in {summary.truth}",
        highlight=False,
    )


def import_berka(
    source: Annotated[Path, typer.Argument(help="Folder with the published .asc files.")],
    home: Home = None,
) -> None:
    """Turn the published PKDD'99 bank into daily deliveries, 1993 to 1998."""
    from orchestration.sources.berka import import_berka as run_import
    from orchestration.writer_lock import writer_lock

    settings = load_settings(home=home)
    lock = writer_lock(settings.lock_path, settings.writer_wait_seconds)
    with progress("importing") as show:
        summary = run_import(source, settings.home, progress=show, only_writer=lock)
    for line in summary.lines():
        console.print(line, highlight=False)


def demo(
    home: DemoHome = REPOSITORY / "var" / "demo",
    customers: Annotated[int, typer.Option(help="Size of the bank.")] = 2000,
    months: Annotated[int, typer.Option(help="Length of its history.")] = 6,
) -> None:
    """Build a sample bank, run all of it, and show what came out."""
    from orchestration.reports.explain import explain as explain_customer
    from orchestration.reports.overview import overview
    from orchestration.sample_bank.generate import is_unfinished

    settings = load_settings(home=home)
    if settings.landing_dir.exists() and not is_unfinished(settings.home):
        console.print(f"using the bank that is in {settings.home}")
    else:
        generate(home=settings.home, customers=customers, months=months)
        settings = load_settings(home=home)
    last = max(delivered_days(settings))
    run_days_and_say(settings, settings.first_day, last, rebuild=False)
    story = overview(settings, console)
    if story is not None:
        console.print("\nOne customer explained", style="bold")
        explain_customer(settings, str(story), None, 6, console)
    _places(settings, story, last)


def _remember_first_day(settings: Settings, first_day: date) -> None:
    path = settings.home / "tenure.toml"
    if not path.exists():
        path.write_text(
            f'# Settings of this home; see tenure.toml of the project.\nfirst_day = "{first_day}"\n'
        )


def _places(settings: Settings, story: int | None, last: date) -> None:
    home = f"--home {settings.home}"
    days = f"--from {last.replace(day=1)} --to {last}"
    places = {
        f"{settings.published_dir}/tenure.duckdb": "the published tables, for any DuckDB client",
        f"{settings.docs_dir}/index.html": "the gates' results",
        f"tenure explain {story or 'CUSTOMER'} {home}": "why a customer is graded so",
        f"tenure balance {_some_account(settings)} {days} {home}": "an account's average balance",
        f"tenure status {home}": "ledger, quarantine, findings of gates",
        f"tenure ui {home}": "the graph, partitions, checks and runs",
    }
    console.print("\nWhere to look", style="bold")
    for place, what in places.items():
        console.print(f"  {place}  {what}", highlight=False, soft_wrap=True)


def _some_account(settings: Settings) -> str:
    """The number of an account with balances, for a line that works as it stands."""
    from orchestration.warehouse import open_warehouse

    with open_warehouse(settings, read_only=True) as con:
        found = con.execute("select min(account_id) from raw.account_balances").fetchone()
    return str(found[0]) if found and found[0] else "ACCOUNT"
