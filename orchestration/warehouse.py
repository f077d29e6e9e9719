"""The one DuckDB file that runs write: opening it, and its schemas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from orchestration.errors import TenureError
from orchestration.settings import Settings

SCHEMAS = ("control", "raw", "vault", "policy", "staging", "facts", "marts")


class WarehouseMissing(TenureError):
    """Nothing has been loaded into this home yet."""


def require_warehouse(settings: Settings) -> None:
    """Raises WarehouseMissing where nothing was ever loaded."""
    if not settings.warehouse_path.exists():
        raise WarehouseMissing(
            f"no warehouse at {settings.warehouse_path}: run `tenure run --date <day>` first"
        )


@contextmanager
def open_warehouse(
    settings: Settings, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that is closed at the end: dbt cannot open the file while another is held.

    Raises WarehouseMissing when it is to be read and does not exist.
    """
    if read_only:
        require_warehouse(settings)
    settings.home.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": settings.threads,
        "memory_limit": settings.memory_limit,
    }
    connection = duckdb.connect(str(settings.warehouse_path), read_only=read_only, config=config)
    try:
        if not read_only:
            for schema in SCHEMAS:
                connection.execute(f"create schema if not exists {schema}")
        yield connection
    finally:
        connection.close()
