"""Writing one version: the DuckDB file and the Parquet files.

A version is made from the one before it: its file is copied and the parts whose fingerprints
differ are replaced; Parquet files of equal parts are hard-linked. Without a usable predecessor,
or when its file has become too loose, the file is written anew. benchmarks/publish_readers.py
holds the two against each other. Views stand in the DuckDB file alone: Parquet holds tables.

Months are written one after the other, so that none shares a row group with the next: the file
then lets go of a replaced month as a whole, where it would else rewrite the months beside it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.publish.fingerprints import (
    WHOLE,
    TablePrint,
    count_parts,
    part_filter,
    quoted,
)
from orchestration.publish.versions import PARQUET, PublishError, sync_file, sync_folder

_NEW = "published_new"
# Linux's request to share a file's blocks (Btrfs, XFS): a copy in no time and no space.
_FICLONE = 0x40049409


@dataclass(frozen=True)
class Source:
    """Where rows come from: the attached warehouse and the schema of each table in it."""

    con: duckdb.DuckDBPyConnection
    catalog: str
    schemas: Mapping[str, str]

    def relation(self, table: str) -> str:
        """The table's or view's full name in the warehouse."""
        return quoted(self.catalog, self.schemas[table], table)


@dataclass(frozen=True)
class Space:
    """Size of the written file and the share of its blocks that hold nothing."""

    bytes: int
    free_share: float


def stale_parts(base: TablePrint | None, target: TablePrint) -> list[str]:
    """Parts of the target that the base does not hold in the same way."""
    if base is None or not target.same_shape(base):
        return list(target.parts)
    return [key for key, part in target.parts.items() if base.parts.get(key) != part]


def copy_file(source: Path, target: Path) -> None:
    """Copy, sharing blocks where the file system can."""
    with source.open("rb") as old, target.open("wb") as new:
        try:
            fcntl.ioctl(new.fileno(), _FICLONE, old.fileno())
            return
        except OSError:
            pass  # Not this file system, or not Linux: copy the bytes.
    shutil.copyfile(source, target)


def write_tables(
    source: Source, path: Path, base: Mapping[str, TablePrint], prints: Sequence[TablePrint]
) -> None:
    """Bring the file, new or a copy of the base's, to the state that the prints describe."""
    with _attached(source.con, path):
        con = source.con
        views = {name for name, old in base.items() if old.view_sql is not None}
        tables = {table.name for table in prints if table.view_sql is None}
        for name in views:
            con.execute(f"drop view {_new(name)}")
        for name in base.keys() - views - tables:
            con.execute(f"drop table {_new(name)}")
        for table in prints:
            if table.view_sql is None:
                _write_table(source, None if table.name in views else base.get(table.name), table)
        # Views come in the order in which they can be created.
        con.execute(f"use {_NEW}.main")
        for table in prints:
            if table.view_sql is not None:
                con.execute(f"create view {_new(table.name)} as {table.view_sql}")
        con.execute("use memory.main")
        _comment(con, prints)


def _write_table(source: Source, base: TablePrint | None, table: TablePrint) -> None:
    con, new = source.con, _new(table.name)
    rows = f"select * from {source.relation(table.name)}"
    stale = stale_parts(base, table)
    if table.month_column is None:
        if stale:
            con.execute(f"create or replace table {new} as {rows}")
        return
    if base is None or not table.same_shape(base):
        con.execute(f"create or replace table {new} as {rows} limit 0")
    else:
        for key in [*stale, *(base.parts.keys() - table.parts.keys())]:
            con.execute(f"delete from {new} where {part_filter(table.month_column, key)}")
    for key in sorted(stale):
        con.execute(f"insert into {new} {rows} where {part_filter(table.month_column, key)}")


def _comment(con: duckdb.DuckDBPyConnection, prints: Sequence[TablePrint]) -> None:
    """Carry the manifest's descriptions; only those that differ are written, and all at once."""
    found = con.execute(
        "select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
        "where database_name = ? and schema_name = 'main'",
        [_NEW],
    ).fetchall()
    has: dict[str, dict[str, str]] = {}
    for table_name, column, comment in found:
        has.setdefault(table_name, {})[column] = comment
    # By itself, each would be a transaction and wait for the disk.
    con.begin()
    try:
        for table in prints:
            _comment_table(con, table, has[table.name])
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _comment_table(
    con: duckdb.DuckDBPyConnection, table: TablePrint, has: Mapping[str, str]
) -> None:
    wanted = dict(table.column_descriptions)
    for column, comment in has.items():
        if comment != wanted.get(column, ""):
            text = _literal(wanted.get(column, ""))
            con.execute(f"comment on column {_new(table.name)}.{quoted(column)} is {text}")
    kind = "table" if table.view_sql is None else "view"
    con.execute(f"comment on {kind} {_new(table.name)} is {_literal(table.description)}")


def write_notes(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    version: Mapping[str, object],
    tables: Sequence[Mapping[str, object]],
) -> Space:
    """Write what the file says about itself, fold everything in, and measure the file."""
    with _attached(con, path):
        con.execute(
            f"create or replace table {_new('published_version')} ("
            "version varchar, as_of date, published_at timestamp, policy_hash varchar, "
            "code_version varchar, content_hash varchar, row_count bigint, provenance varchar)"
        )
        con.execute(
            f"create or replace table {_new('published_tables')} ("
            "table_name varchar, kind varchar, month_column varchar, row_count bigint, "
            "months bigint, content_hash varchar)"
        )
        for name, rows in (("published_version", [version]), ("published_tables", tables)):
            marks = ", ".join("?" for _ in rows[0])
            values = [list(row.values()) for row in rows]
            con.executemany(f"insert into {_new(name)} values ({marks})", values)
        con.execute(
            f"comment on table {_new('published_version')} is 'one row: which version this file "
            "is, what it was made from and when (published_at in UTC); row_count is of its tables'"
        )
        con.execute(
            f"comment on table {_new('published_tables')} is 'one row per published table or "
            "view; content_hash is equal for equal content; rows of views are not counted'"
        )
        con.execute(f"checkpoint {_NEW}")
        found = con.execute(
            "select block_size * total_blocks, free_blocks / greatest(total_blocks, 1) "
            "from pragma_database_size() where database_name = ?",
            [_NEW],
        ).fetchone()
        assert found is not None
        return Space(*found)


def check_file(path: Path, prints: Sequence[TablePrint]) -> None:
    """Open the finished file alone, as a reader will, and count every part of every table."""
    with duckdb.connect(str(path), read_only=True) as con:
        for table in prints:
            if table.view_sql is not None:
                con.execute(f"select * from {quoted(table.name)} limit 0")
                continue
            found = count_parts(con, quoted(table.name), table.month_column)
            wanted = {key: part.rows for key, part in table.parts.items()}
            if found != wanted:
                raise PublishError(
                    f"the new version's {table.name} does not hold the warehouse's rows; "
                    "nothing was published; publish again in full"
                )


def write_parquet(
    source: Source,
    folder: Path,
    base_folder: Path | None,
    base: Mapping[str, TablePrint],
    prints: Sequence[TablePrint],
) -> None:
    """One file per month, or one per table; files of equal parts are linked, not written.

    None for a view: it would be written whole every day, the closed months with it.
    """
    (folder / PARQUET).mkdir()
    for table in prints:
        if table.view_sql is not None:
            continue
        target = folder / PARQUET / table.name
        target.mkdir()
        stale = set(stale_parts(base.get(table.name), table)) if base_folder else set(table.parts)
        for key in table.parts:
            name = _parquet_name(table, key)
            if key not in stale and base_folder is not None:
                _link(base_folder / PARQUET / table.name / name, target / name)
            else:
                _export(source, table, part_filter(table.month_column, key), target / name)
        if not table.parts:
            # A folder without a file has no columns to show.
            _export(source, table, "false", target / "empty.parquet")
        sync_folder(target)


def _parquet_name(table: TablePrint, key: str) -> str:
    return f"{table.name if key == WHOLE else key[:7]}.parquet"


def _export(source: Source, table: TablePrint, where: str, path: Path) -> None:
    source.con.execute(
        f"copy (select * from {source.relation(table.name)} where {where}) "
        f"to {_literal(str(path))} (format parquet, compression zstd)"
    )
    seal(path)


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:  # No hard links here, or too many on this file.
        copy_file(old, new)
        seal(new)


def seal(path: Path) -> None:
    """Force a finished file to disk and take write permission away, from tools that assume it."""
    sync_file(path)
    path.chmod(0o444)


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    con.execute(f"attach {_literal(str(path))} as {_NEW}")
    try:
        yield
    finally:
        con.execute("use memory.main")
        con.execute(f"detach {_NEW}")


def _new(name: str) -> str:
    return f"{_NEW}.main.{quoted(name)}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
