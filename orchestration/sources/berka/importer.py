"""The import from end to end: read, map, deliver, and account for every row."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import duckdb

from orchestration.sources.berka.accounting import (
    check_connections,
    file_summaries,
    orphan_transactions,
)
from orchestration.sources.berka.balances import closing_balances
from orchestration.sources.berka.delivery import FILE_NAME, Delivery
from orchestration.sources.berka.layout import SOURCES
from orchestration.sources.berka.reading import bad_rows, find_files, read_source, start_reading
from orchestration.sources.berka.summary import BerkaError, ImportSummary
from orchestration.sources.berka.tables import QUERIES, prepare

Progress = Callable[[str], None]

# A bank may have granted no loan, but nobody's accounts are nothing to judge.
NOT_EMPTY = ("client", "account", "disp", "trans")

HOME_SETTINGS = """\
# Written by `tenure import berka`: the Czech bank's calendar. It booked on every day of the week.
first_day = "{first_day}"
business_time_zone = "Europe/Prague"
weekend = []
"""


def import_berka(
    source_dir: Path,
    home: Path,
    progress: Progress | None = None,
    only_writer: AbstractContextManager[None] | None = None,
) -> ImportSummary:
    """Turn the published files in source_dir into daily deliveries under home/landing.

    Parameters
    ----------
    source_dir : folder with account, card, client, disp, district, loan, order and trans,
        each as .asc or .asc.gz, in any case of letters
    home : Tenure's home; home/tenure.toml is written unless it exists
    progress : called with one sentence per step
    only_writer : held while files are written, so that two imports into one home take turns

    Raises
    ------
    BerkaError : the home holds another bank's deliveries or cannot be written; a file is missing,
        was cut off, has another header, or too many rows that cannot be decoded or lead nowhere

    Notes
    -----
    The result depends on the files alone: the same files give the same bytes, and files that
    would not change are not touched. Nothing is written before all files are read and mapped.
    """
    _require_own_home(home)
    started = time.monotonic()
    say = progress or (lambda message: None)
    files = find_files(source_dir)
    with duckdb.connect(":memory:") as con:
        rows_in = _read_all(con, files, say)
        _require_rows(con, files)
        prepare(con)
        check_connections(con)
        say("Chaining balances")
        closing = closing_balances(con)
        summaries = file_summaries(con, files, rows_in)
        first_day, last_day = _period(con)
        with only_writer or nullcontext(), _writing(home):
            delivery = Delivery(home / "landing")
            tables = {}
            for table, query in QUERIES.items():
                say(f"Preparing {table}")
                tables[table] = delivery.add(con, table, query)
            delivery.publish()
            _write_settings(home, first_day)
        return ImportSummary(
            files=summaries,
            tables=tables,
            closing_rows=closing,
            orphan_transactions=orphan_transactions(con),
            bad_rows=tuple(bad_rows(con)),
            first_day=first_day,
            last_day=last_day,
            files_written=delivery.written,
            files_unchanged=delivery.unchanged,
            files_emptied=delivery.emptied,
            seconds=time.monotonic() - started,
        )


def _require_own_home(home: Path) -> None:
    """The import's files may not stand among another bank's, whose days and keys are others."""
    for path in (home / "landing").glob("*/*/*"):
        if path.name != FILE_NAME and not path.name.startswith("."):
            raise BerkaError(
                f"{home} holds deliveries of another bank ({path.relative_to(home)}): import into "
                "a home of its own, with --home"
            )


def _read_all(
    con: duckdb.DuckDBPyConnection, files: dict[str, Path], say: Progress
) -> dict[str, int]:
    start_reading(con)
    rows_in = {}
    for source in SOURCES:
        say(f"Reading {files[source.name].name}")
        rows_in[source.name] = read_source(con, source, files[source.name])
    return rows_in


def _require_rows(con: duckdb.DuckDBPyConnection, files: dict[str, Path]) -> None:
    for name in NOT_EMPTY:
        if con.execute(f"select 1 from {name} limit 1").fetchone() is None:
            raise BerkaError(f"{files[name].name} holds no rows: there is nothing to deliver")


def _period(con: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    row = con.execute("select first_day::varchar, last_day::varchar from period").fetchone()
    assert row is not None
    return row[0], row[1]


@contextmanager
def _writing(home: Path) -> Iterator[None]:
    """A full disk or a folder that is none, as a sentence."""
    try:
        yield
    except OSError as error:
        place = error.filename2 or error.filename or home
        raise BerkaError(
            f"{place} cannot be written ({error.strerror}): mend that and import again,"
            " which finishes what is half done"
        ) from error


def _write_settings(home: Path, first_day: str) -> None:
    path = home / "tenure.toml"
    if path.exists():
        return
    unfinished = path.with_name(".tenure.toml.tmp")
    unfinished.write_text(HOME_SETTINGS.format(first_day=first_day), encoding="utf-8")
    os.replace(unfinished, path)
