"""The `tenure` command. Commands parse, call one thing, print, and choose the exit status."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from getpass import getuser
from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestration.days import chosen_days, delivered_days
from orchestration.errors import TenureError
from orchestration.publish.versions import VersionRecord
from orchestration.publish.versions import current_name as published_name
from orchestration.settings import REPOSITORY, Settings, load_settings
from orchestration.terminal import complain, console, progress

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A bank's customer-value warehouse: from daily extracts to published, explained tiers.",
)
imports = typer.Typer(no_args_is_help=True, help="Turn public or vendor formats into deliveries.")
app.add_typer(imports, name="import")

_DAYS = ["%Y-%m-%d"]
GatedLayer = Literal["raw", "staging", "facts", "marts"]
Home = Annotated[
    Path | None,
    typer.Option(
        help="The bank's home folder.",
        envvar="TENURE_HOME",
        show_default="var in the repository",
    ),
]


DemoHome = Annotated[
    Path,
    typer.Option(
        help="The bank's home folder.",
        envvar="TENURE_HOME",
        show_default="var/demo in the repository",
    ),
]


class Refused(TenureError):
    """Something a person must act on, said in one sentence."""


def main() -> None:
    """Runs the command; an expected error is one sentence and a non-zero status."""
    try:
        app()
    except TenureError as error:
        complain(str(error))
    except Exception as error:
        if _is_busy(error):
            complain("a run is writing the warehouse just now; the published tables can be read")
        if isinstance(error, OSError) and error.filename:
            complain(f"{error.filename}: {error.strerror}")
        raise


def _is_busy(error: Exception) -> bool:
    import duckdb

    return isinstance(error, duckdb.IOException) and "lock" in str(error)


@app.command()
def generate(
    home: Home = None,
    customers: Annotated[int, typer.Option(help="Size of the bank.")] = 2000,
    months: Annotated[int, typer.Option(help="Length of its history.")] = 6,
    start: Annotated[
        datetime,
        typer.Option(formats=_DAYS, help="First day.", show_default="2024-01-01"),
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


@imports.command("berka")
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


@app.command()
def run(
    home: Home = None,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=_DAYS, help="The day to run.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=_DAYS, help="First of a range.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=_DAYS, help="Last of a range.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build every layer again from what is loaded.")
    ] = False,
) -> None:
    """Load, build, gate and publish: either --date, or --from and --to for a range as one run."""
    settings = load_settings(home=home)
    if not settings.landing_dir.is_dir():
        raise Refused(
            f"nothing was ever delivered in {settings.home}: put extracts into "
            f"{settings.landing_dir}/<table>/<day>/, or give another --home"
        )
    begin, end = chosen_days(settings, day, first, last)
    _run(settings, begin, end, rebuild)


@app.command()
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
    _run(settings, settings.first_day, last, rebuild=False)
    story = overview(settings, console)
    if story is not None:
        console.print("\nOne customer explained", style="bold")
        explain_customer(settings, str(story), None, 6, console)
    _places(settings, story, last)


@app.command()
def explain(
    customer: Annotated[str, typer.Argument(help="The bank's number, or the surrogate key.")],
    home: Home = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=_DAYS, help="The day asked about; else the published one."),
    ] = None,
    months: Annotated[int, typer.Option(min=1, help="How many judgements to show.")] = 6,
) -> None:
    """Say why a customer is graded so: measures, rule, policy version, distance to the bounds."""
    from orchestration.reports.explain import explain as explain_customer

    settings = load_settings(home=home)
    _require_published(settings)
    explain_customer(settings, customer, as_of.date() if as_of else None, months, console)


@app.command()
def overview(home: Home = None) -> None:
    """Show tiers and watch lists of the published version, as the demo does."""
    from orchestration.reports.overview import overview as show_overview

    settings = load_settings(home=home)
    _require_published(settings)
    show_overview(settings, console)


@app.command()
def balance(
    account: Annotated[str, typer.Argument(help="The bank's account number.")],
    first: Annotated[datetime, typer.Option("--from", formats=_DAYS, help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=_DAYS, help="Last day.")],
    home: Home = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=_DAYS, help="As known on this day; else as known now."),
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
    _require_published(settings)
    key = surrogate_key("account", account, settings.key_salt)
    with open_warehouse(settings, read_only=True) as con:
        built = read_mark(con, "facts")
        found = average_daily_balance(con, key, days, as_of.date() if as_of else date.max)
    if found is None or built is None:
        raise Refused(f"no balance of account {account!r} is known up to {days.as_of}")
    known = min(built.through, as_of.date()) if as_of else built.through
    console.print(in_words(found, days, known), highlight=False)


@app.command()
def status(home: Home = None) -> None:
    """Show what is loaded, built, gated and published, and what waits."""
    from orchestration.reports.status import status as show_status

    show_status(load_settings(home=home), console)


@app.command()
def publish(
    home: Home = None,
    rollback: Annotated[
        str | None, typer.Option(help="Point readers back at a version that is still kept.")
    ] = None,
    versions: Annotated[
        bool, typer.Option("--versions", help="List the versions that are kept.")
    ] = False,
) -> None:
    """Publish the marts whose gate has passed; or list versions, or go back to one."""
    from orchestration.pipeline import Bank
    from orchestration.publish.versions import list_versions
    from orchestration.publish.versions import rollback as roll_back
    from orchestration.reports.tables import table
    from orchestration.warehouse import require_warehouse
    from orchestration.writer_lock import writer_lock

    settings = load_settings(home=home)
    if versions and rollback is not None:
        raise Refused("give either --versions or --rollback")
    if versions:
        rows = [
            ("current" if current else "", record.version, record.as_of, record.bytes)
            for record, current in list_versions(settings.published_dir)
        ]
        if rows:
            console.print(table("Versions", ["", "version", "as of", "bytes"], rows))
        else:
            console.print("No version is published yet")
        return
    with writer_lock(settings.lock_path, settings.writer_wait_seconds):
        if rollback is not None:
            record = roll_back(settings.published_dir, rollback)
            console.print(f"Readers now open version {record.version}, as of {record.as_of}")
            return
        require_warehouse(settings)
        before = published_name(settings.published_dir)
        published = Bank(settings).publish()
    console.print(_published(published.record, published.created, before), highlight=False)


@app.command()
def accept(
    layer: Annotated[GatedLayer, typer.Argument(help="Whose gate is closed.")],
    day: Annotated[datetime, typer.Argument(formats=_DAYS, help="The day that failed.")],
    reason: Annotated[str, typer.Option(help="Why the finding may be passed over; kept for ever.")],
    home: Home = None,
    who: Annotated[str, typer.Option(help="Who accepts it; you, unless said.")] = "",
) -> None:
    """Accept a failed gate for a day's data as it stands; new data needs a new decision."""
    from orchestration.pipeline import Bank
    from orchestration.warehouse import require_warehouse
    from orchestration.writer_lock import writer_lock

    settings = load_settings(home=home)
    require_warehouse(settings)
    name = who or getuser()
    with writer_lock(settings.lock_path, settings.writer_wait_seconds):
        Bank(settings).accept(layer, day.date(), reason, name)
    console.print(f"{layer} of {day.date()} accepted by {name}: {reason}")


@app.command("what-if")
def what_if(
    policy: Annotated[Path, typer.Argument(help="A changed policy file, or a folder of them.")],
    first: Annotated[
        datetime, typer.Option("--from", formats=_DAYS, help="First month judged again.")
    ],
    last: Annotated[datetime, typer.Option("--to", formats=_DAYS, help="Last month judged again.")],
    home: Home = None,
    customers: Annotated[
        Path | None, typer.Option(help="Write every customer who moves to this CSV file.")
    ] = None,
) -> None:
    """Judge past months under another policy: who would move, where to, with how much."""
    from orchestration.rejudge.challenge import challenge
    from orchestration.rejudge.compare import compare, judged_alike, write_moves
    from orchestration.reports.moves import show_moves

    settings = load_settings(home=home)
    with progress("judging again"):
        asked = challenge(settings, policy, first.date(), last.date())
        with asked as (con, judged):
            moves = compare(con, judged)
            compared = judged_alike(con)
            written = write_moves(con, customers) if customers else 0
    show_moves(moves, compared, console)
    if customers:
        console.print(f"{written:,} moves written to {customers}", highlight=False)


@app.command()
def restate(
    month: Annotated[
        datetime, typer.Option("--month", formats=["%Y-%m", *_DAYS], help="The month, as 2024-03.")
    ],
    home: Home = None,
    customers: Annotated[
        Path | None, typer.Option(help="Write everybody judged otherwise to this CSV file.")
    ] = None,
) -> None:
    """Judge a past month with what is known today: whose verdict differs, by which late rows."""
    from orchestration.rejudge.compare import (
        compare,
        judged_alike,
        late_rows_of_movers,
        write_moves,
    )
    from orchestration.rejudge.restate import restate as judge_again
    from orchestration.reports.moves import show_late_rows, show_moves

    settings = load_settings(home=home)
    with progress("judging again"), judge_again(settings, month.date()) as (con, judged):
        moves = compare(con, judged)
        compared = judged_alike(con)
        late = late_rows_of_movers(con)
        written = write_moves(con, customers) if customers else 0
    show_moves(moves, compared, console)
    if moves:
        show_late_rows(late, console)
    if customers:
        console.print(f"{written:,} moves written to {customers}", highlight=False)


@app.command()
def doctor(home: Home = None) -> None:
    """Check that this installation can run, and say what would stop it."""
    from orchestration.reports.doctor import doctor as look

    if not look(load_settings(home=home), console):
        raise Refused("something needs attention, see the lines marked ACT")


@app.command()
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
    os.chdir(REPOSITORY)
    # A shell that starts it in the background has it ignore both; Dagster hands that on.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    dagster = str(Path(sys.executable).with_name("dagster"))
    os.execv(dagster, [dagster, "dev", "-w", "workspace.yaml", "-p", str(port)])


def _require_published(settings: Settings) -> None:
    if published_name(settings.published_dir) is None:
        raise Refused(
            f"nothing is published in {settings.home} yet: run `tenure run`, or give another "
            f"--home (a demo is in var/demo)"
        )


def _published(record: VersionRecord, created: bool, before: str | None) -> str:
    if created:
        return f"published {record.version}, as of {record.as_of}"
    if record.version != before:
        return f"readers now open {record.version} again (were on {before}), as of {record.as_of}"
    return f"nothing changed since {record.version}, as of {record.as_of}"


def _run(settings: Settings, first: date, last: date, rebuild: bool) -> None:
    from orchestration.pipeline import Bank
    from orchestration.run import run_days
    from orchestration.writer_lock import writer_lock

    if rebuild:
        with writer_lock(settings.lock_path, settings.writer_wait_seconds):
            Bank(settings).forget()
    with progress(f"running {first}" + (f" to {last}" if last != first else "")):
        outcome = run_days(settings, first, last)
    if not outcome.succeeded:
        raise Refused("\n".join(outcome.failures) or f"run {outcome.run_id} failed")


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


if __name__ == "__main__":
    main()
