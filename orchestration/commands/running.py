"""Running days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from orchestration.commands.options import DAYS, Home, Refused
from orchestration.days import chosen_days
from orchestration.settings import Settings, load_settings
from orchestration.terminal import progress


def run(
    home: Home = None,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=DAYS, help="The day to run.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DAYS, help="First of a range.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=DAYS, help="Last of a range.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build every layer again from what is loaded.")
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Run days long after the newest delivery.")
    ] = False,
) -> None:
    """Load, build, gate and publish: either --date, or --from and --to for a range as one run."""
    settings = load_settings(home=home)
    if not settings.landing_dir.is_dir():
        raise Refused(
            f"nothing was ever delivered in {settings.home}: put extracts into "
            f"{settings.landing_dir}/<table>/<day>/, or give another --home"
        )
    begin, end = chosen_days(settings, day, first, last, empty)
    run_days_and_say(settings, begin, end, rebuild)


def run_days_and_say(settings: Settings, first: date, last: date, rebuild: bool) -> None:
    """Runs the days with a line per step; failures are refused in sentences."""
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
