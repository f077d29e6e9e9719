"""What a person decides: which version readers get, which finding is passed over."""

from __future__ import annotations

from datetime import datetime
from getpass import getuser
from typing import Annotated

import typer

from orchestration.commands.options import DAYS, GatedLayer, Home, Refused
from orchestration.publish.versions import current_name
from orchestration.settings import load_settings
from orchestration.terminal import console


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
        before = current_name(settings.published_dir)
        published = Bank(settings).publish()
    console.print(f"published: {published.told(before)}", highlight=False)


def accept(
    layer: Annotated[GatedLayer, typer.Argument(help="Whose gate is closed.")],
    day: Annotated[datetime, typer.Argument(formats=DAYS, help="The day that failed.")],
    reason: Annotated[str, typer.Option(help="Why the finding may be passed over; kept for ever.")],
    home: Home = None,
    who: Annotated[str, typer.Option(help="Who accepts it; you, unless said.")] = "",
) -> None:
    """Accept a failed gate for a day's data as it stands; new data needs a new decision."""
    from orchestration.gatekeeper import accept_layer
    from orchestration.warehouse import require_warehouse
    from orchestration.writer_lock import writer_lock

    settings = load_settings(home=home)
    require_warehouse(settings)
    name = who or getuser()
    with writer_lock(settings.lock_path, settings.writer_wait_seconds):
        accept_layer(settings, layer, day.date(), reason, name)
    console.print(f"{layer} of {day.date()} accepted by {name}: {reason}")
