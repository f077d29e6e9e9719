"""Options that commands share, and how a command refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestration.errors import TenureError
from orchestration.publish.versions import current_name
from orchestration.settings import Settings

DAYS = ["%Y-%m-%d"]
# A month, or any day of it.
MONTHS = ["%Y-%m", *DAYS]
GatedLayer = Literal["raw", "staging", "facts", "marts", "fits", "forward"]
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


def can_be_written(path: Path | None) -> Path | None:
    """A file to write: refused before the work is done, not after."""
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise Refused(f"{path} cannot be written: give a file in a folder that is there")
    return path


def require_published(settings: Settings) -> None:
    """Refuses where readers have nothing yet."""
    if current_name(settings.published_dir) is None:
        raise Refused(
            f"nothing is published in {settings.home} yet: run `tenure run`, or give another "
            f"--home (a demo is in var/demo)"
        )
