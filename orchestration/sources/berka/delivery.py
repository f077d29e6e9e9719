"""Query results into landing/<table>/<day>/berka.csv, whole files or none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

FILE_NAME = "berka.csv"
# Names that start with a dot are not deliveries yet.
UNFINISHED = ".berka.csv.tmp"
DAYS_AT_ONCE = 200


@dataclass
class Delivery:
    """Files prepared under a hidden name; `publish` makes them visible all together.

    A kill before that leaves the landing zone as it was, a kill within it whole files only;
    the next import finishes either.
    """

    landing: Path
    written: int = 0
    unchanged: int = 0
    emptied: int = 0
    _pending: list[Path] = field(default_factory=list)
    _earlier: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        for path in self.landing.glob(f"*/*/{UNFINISHED}"):
            path.unlink()
        self._earlier = set(self.landing.glob(f"*/*/{FILE_NAME}"))

    def add(self, con: duckdb.DuckDBPyConnection, table: str, query: str) -> int:
        """Prepare one file per loaded_on of the query; returns the rows."""
        header, rows = "", 0
        for day, header, body, count in _days(con, query):
            self._prepare(self.landing / table / day / FILE_NAME, f"{header}\n{body}\n")
            rows += count
        self._empty_earlier(table, header or _header(_columns(con, query)))
        return rows

    def publish(self) -> None:
        """Give the prepared files their names."""
        for path in sorted(self._pending):
            os.replace(path.with_name(UNFINISHED), path)
        self._pending.clear()

    def _empty_earlier(self, table: str, header: str) -> None:
        """Days of an earlier import without rows now: a loaded file that vanishes stays loaded,
        one that holds nothing but its header takes its rows back."""
        for path in [path for path in self._earlier if path.parent.parent.name == table]:
            self.emptied += self._prepare(path, f"{header}\n")

    def _prepare(self, path: Path, text: str) -> bool:
        """Whether the file is new or changes."""
        content = text.encode()
        if path in self._earlier:
            self._earlier.remove(path)
            if path.stat().st_size == len(content) and path.read_bytes() == content:
                self.unchanged += 1
                return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(UNFINISHED).write_bytes(content)
        self._pending.append(path)
        self.written += 1
        return True


def _columns(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    described = con.execute(f"describe {query}").fetchall()
    return [row[0] for row in described if row[0] != "loaded_on"]


def _header(columns: list[str]) -> str:
    return ",".join(columns)


def _days(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[str, str, str, int]]:
    """Day, header, lines and row count; the engine writes the lines, one text per day."""
    columns = _columns(con, query)
    line = " || ',' || ".join(_quoted(column) for column in columns)
    con.execute(f"""
        with lines as (select loaded_on, {line} as line from ({query}))
        select loaded_on::date::varchar, string_agg(line, chr(10) order by line), count(*)
        from lines
        group by loaded_on
        order by loaded_on
    """)
    while batch := con.fetchmany(DAYS_AT_ONCE):
        for day, body, count in batch:
            yield day, _header(columns), body, count


def _quoted(column: str) -> str:
    text = f"coalesce(\"{column}\"::varchar, '')"
    return (
        f"""if(regexp_matches({text}, '[",\\r\\n]'),"""
        f""" '"' || replace({text}, '"', '""') || '"', {text})"""
    )
