"""What every layer was built from, and so what the next run has to build.

Raw content has a version per day (`control.day_versions`): a counter's value when that day's rows
last changed. A layer's mark says up to which version and day it was built. A run builds the suffix
of days from the first one that changed since, to its frontier: whatever was killed, skipped, late
or replaced in between is repaired by the same rule that builds a new day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from orchestration.landing.ledger import create_control_schema
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

ONE_DAY = timedelta(days=1)
BUILDING = ".building"


@dataclass(frozen=True)
class Window:
    """Days [start, end) of `loaded_on`."""

    start: date
    end: date

    @property
    def as_of(self) -> date:
        """The last day of the window."""
        return self.end - ONE_DAY


@dataclass(frozen=True)
class Mark:
    """A layer is built from raw version `version`, through day `through`, under `basis`.

    `basis` fingerprints what the layer depends on apart from rows, such as policy files or key
    salt; see `dated_basis` for what concerns some days alone.
    """

    version: int
    through: date
    basis: str


def next_window(
    mark: Mark | None,
    requested: Window,
    first_day: date,
    first_changed: date | None,
    basis: str,
) -> Window:
    """The suffix of days that a layer has to build now.

    `first_changed`: the earliest day whose raw content is newer than the mark's version.
    The window starts at the requested day, or earlier where something before it is unbuilt or
    has changed, and always ends at the frontier, so that no day is left behind a newer one.
    """
    if mark is None:
        return Window(first_day, max(requested.end, first_day))
    changed = [first_changed, first_otherwise(mark.basis, basis)]
    start = min(
        requested.start, mark.through + ONE_DAY, *(day for day in changed if day is not None)
    )
    return Window(max(start, first_day), max(requested.end, mark.through + ONE_DAY))


def dated_basis(whole: str, dated: Mapping[date, str]) -> str:
    """A basis of what concerns all days, and of what is so from a day on, by that day."""
    return ";".join([whole, *(f"{day}={content}" for day, content in sorted(dated.items()))])


def first_otherwise(before: str, now: str) -> date | None:
    """The first day that a new basis concerns: every day, unless only dated parts differ."""
    (whole_before, *dated_before), (whole_now, *dated_now) = before.split(";"), now.split(";")
    if whole_before != whole_now:
        return date.min
    differing = sorted(set(dated_before) ^ set(dated_now))
    return date.fromisoformat(differing[0].partition("=")[0]) if differing else None


def create_state(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of marks and of raw versions; safe to call again."""
    create_control_schema(con)
    con.execute(
        """
        create table if not exists control.marks (
            mark varchar primary key, version bigint not null, through date not null,
            basis varchar not null, marked_at timestamptz not null default now()
        )
        """
    )


@contextmanager
def writing(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse to write in, with these tables in it."""
    with open_warehouse(settings) as con:
        create_state(con)
        yield con


def read_mark(con: duckdb.DuckDBPyConnection, name: str) -> Mark | None:
    """The mark of a layer, if it was ever built."""
    row = con.execute(
        "select version, through, basis from control.marks where mark = ?", [name]
    ).fetchone()
    return Mark(*row) if row else None


def write_mark(con: duckdb.DuckDBPyConnection, name: str, mark: Mark) -> None:
    """Records that a layer is built; the last statement of its step."""
    con.execute(
        # The time is named too: what a replacement does not name keeps its old value.
        "insert or replace into control.marks (mark, version, through, basis, marked_at) "
        "values (?, ?, ?, ?, now())",
        [name, mark.version, mark.through, mark.basis],
    )


def begin(con: duckdb.DuckDBPyConnection, layer: str) -> None:
    """Says that a layer's tables are being rewritten: its last mark no longer describes them."""
    write_mark(con, layer + BUILDING, Mark(0, date.min, ""))


def finish(con: duckdb.DuckDBPyConnection, layer: str, mark: Mark) -> None:
    """Says that a layer is whole again, in one transaction."""
    con.begin()
    con.execute("delete from control.marks where mark = ?", [layer + BUILDING])
    write_mark(con, layer, mark)
    con.commit()


def is_building(con: duckdb.DuckDBPyConnection, layer: str) -> bool:
    """Whether a build of the layer began and did not finish."""
    return read_mark(con, layer + BUILDING) is not None


def drop_marks(con: duckdb.DuckDBPyConnection) -> None:
    """Forgets what was built and how far, so that the next run builds everything up to its day."""
    con.execute("delete from control.marks")


def raw_version(con: duckdb.DuckDBPyConnection, through: date) -> int:
    """The newest version among the days up to `through`; 0 before the first load."""
    row = con.execute(
        "select coalesce(max(version), 0) from control.day_versions where loaded_on <= ?",
        [through],
    ).fetchone()
    assert row is not None
    return int(row[0])


def first_changed_since(con: duckdb.DuckDBPyConnection, mark: Mark | None) -> date | None:
    """The earliest loaded day that is newer than the mark."""
    row = con.execute(
        "select min(loaded_on) from control.day_versions where version > ?",
        [mark.version if mark else -1],
    ).fetchone()
    changed: date | None = row[0] if row else None
    return changed


def first_day_known(con: duckdb.DuckDBPyConnection, configured: date) -> date:
    """The bank's first day: the configured one, or an earlier delivery that was loaded."""
    row = con.execute("select min(loaded_on) from control.day_versions").fetchone()
    assert row is not None
    return min(configured, row[0]) if row[0] else configured
