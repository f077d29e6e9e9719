"""The one DuckDB file that runs write: opening it, and its schemas."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.errors import TenureError
from orchestration.settings import Settings

log = logging.getLogger("tenure")
# A command that looks at the warehouse closes it within a moment; a run may take an hour.
_READER_SECONDS = 3.0
_POLL_SECONDS = 0.2
_HOLDER = re.compile(r"PID (\d+)")

SCHEMAS = ("control", "raw", "vault", "policy", "staging", "facts", "marts", "fits", "forward")


class WarehouseMissing(TenureError):
    """Nothing has been loaded into this home yet."""


def require_warehouse(settings: Settings) -> None:
    """Raises WarehouseMissing where nothing was ever loaded."""
    if not settings.warehouse_path.exists():
        raise WarehouseMissing(
            f"no warehouse at {settings.warehouse_path}: run `tenure run --date <day>` first"
        )


class WarehouseBusy(TenureError):
    """Another process has the file open and did not close it in time."""


@contextmanager
def open_warehouse(
    settings: Settings, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that is closed at the end: dbt cannot open the file while another is held.

    Raises WarehouseMissing when it is to be read and does not exist, and WarehouseBusy where
    another process keeps it open: a writer waits as long as for other writers, a reader a moment.
    """
    if read_only:
        require_warehouse(settings)
    settings.home.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": settings.threads,
        "memory_limit": settings.memory_limit,
    }
    connection = _connect(settings, read_only, config)
    try:
        if not read_only:
            for schema in SCHEMAS:
                connection.execute(f"create schema if not exists {schema}")
        yield connection
    finally:
        connection.close()


def _connect(
    settings: Settings, read_only: bool, config: dict[str, str | bool | int | float | list[str]]
) -> duckdb.DuckDBPyConnection:
    path = settings.warehouse_path
    deadline = time.monotonic() + (_READER_SECONDS if read_only else settings.writer_wait_seconds)
    told = read_only
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=config)
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            holder = _HOLDER.search(str(error))
            process = f"process {holder[1]}" if holder else "another process"
            if time.monotonic() >= deadline:
                raise WarehouseBusy(_busy(path, process, read_only)) from error
        if not told:
            log.info("waiting for %s, which has %s open", process, path)
            told = True
        time.sleep(_POLL_SECONDS)


def _busy(path: Path, process: str, read_only: bool) -> str:
    if read_only:
        return (
            f"a run is writing the warehouse just now ({process}); the published tables can be read"
        )
    return (
        f"{process} keeps {path} open: close it there and run again; readers open the published "
        "file instead, which no run waits for"
    )
