"""A warehouse beside the home's own, for one question; and what it may ask about."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from orchestration.errors import TenureError
from orchestration.settings import Settings
from orchestration.state import first_day_known, read_mark
from orchestration.warehouse import open_warehouse, require_warehouse
from orchestration.writer_lock import writer_lock

# Verdicts as they were judged, beside those that the models write into marts.
AS_JUDGED = "as_judged"
_PREFIX = "rejudge-"


class CannotAsk(TenureError):
    """The question cannot be asked so; the message says why."""


@contextmanager
def scratch_home(settings: Settings) -> Iterator[Settings]:
    """Settings of a home that is gone afterwards; what killed questions left goes, too."""
    require_warehouse(settings)
    _sweep(settings.home)
    with TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", dir=settings.home) as folder:
        yield settings.model_copy(update={"home": Path(folder)})


def _sweep(home: Path) -> None:
    for path in home.glob(f"{_PREFIX}*"):
        asker = path.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            os.kill(int(asker), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(path, ignore_errors=True)
        except PermissionError:
            continue  # Somebody else's, and alive.


def judged_days(settings: Settings) -> tuple[date, date]:
    """First and last day that anything is judged for. Raises CannotAsk where nothing is."""
    with open_warehouse(settings, read_only=True) as con:
        built = read_mark(con, "marts")
        first_day = first_day_known(con, settings.first_day)
    if built is None:
        raise CannotAsk("nothing is judged yet: run `tenure run --date <day>` first")
    return first_day, built.through


def require_judged(first: date, last: date, days: tuple[date, date]) -> None:
    """Raises CannotAsk unless the days lie among those judged."""
    if first > last:
        raise CannotAsk(f"--from {first} lies after --to {last}")
    if first < days[0].replace(day=1) or last > days[1]:
        raise CannotAsk(f"months are judged from {days[0]} to {days[1]}: ask for days among these")


@contextmanager
def copying(settings: Settings, scratch: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The scratch warehouse, with the home's own attached as `home` to be read; runs wait."""
    path = str(settings.warehouse_path).replace("'", "''")
    with (
        writer_lock(settings.lock_path, settings.writer_wait_seconds),
        open_warehouse(scratch) as con,
    ):
        con.execute(f"create schema if not exists {AS_JUDGED}")
        con.execute(f"attach '{path}' as home (read_only)")
        yield con
        con.execute("detach home")


def copy_as_judged(
    con: duckdb.DuckDBPyConnection, tables: Sequence[str], first: date, end: date
) -> None:
    """The verdicts of the months [first, end) to compare with."""
    for name in tables:
        con.execute(
            f"create table {AS_JUDGED}.{name} as from home.marts.{name} "
            "where month >= ? and month < ?",
            [first, end],
        )
