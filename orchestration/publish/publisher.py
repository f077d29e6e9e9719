"""The act of publishing: measure, compare, build beside, swap, clear away."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish.build import (
    Source,
    check_file,
    copy_file,
    seal,
    stale_parts,
    write_notes,
    write_parquet,
    write_tables,
)
from orchestration.publish.fingerprints import (
    TablePrint,
    quoted,
    read_prints,
    take_print,
    take_view_print,
    version_hash,
    write_prints,
)
from orchestration.publish.retention import retire
from orchestration.publish.tables import PublishedTable, check_names
from orchestration.publish.versions import (
    DATABASE,
    PublishError,
    TableRecord,
    VersionRecord,
    current_name,
    next_name,
    point_at,
    publishing,
    read_record,
    sequence_of,
    sync_folder,
    version_dir,
    version_names,
    write_record,
)
from orchestration.publish.views import keepable_views

# Raised when the files of a version change shape; a base of another layout is not built upon.
LAYOUT = 2
# Replacing parts leaves free blocks behind, which the next publish fills again. Beyond this share
# of the file (a large table shrank or left) the file is written anew.
MAX_FREE_SHARE = 0.5
Progress = Callable[[str], None]
POLICY_HASH = "policy_hash"


@dataclass(frozen=True)
class PublishedVersion:
    """What readers get from now on, and what it took."""

    record: VersionRecord
    path: Path
    created: bool
    notes: tuple[str, ...]
    parts_written: Mapping[str, int]
    removed: tuple[str, ...]

    @property
    def version(self) -> str:
        """The version's name."""
        return self.record.version

    def told(self, before: str | None) -> str:
        """Which version readers open from now on, in words; `before` is the one they had."""
        of = f"{self.version}, as of {self.record.as_of}"
        if self.created:
            return of
        if self.version != before:
            return f"readers now open {self.version} again (were on {before})"
        return f"nothing changed since {of}"


@dataclass(frozen=True)
class _Base:
    """The version that the new one is made from."""

    record: VersionRecord
    folder: Path
    prints: Mapping[str, TablePrint]


def publish(
    warehouse_path: Path,
    published_dir: Path,
    tables: Sequence[PublishedTable],
    as_of: date,
    provenance: Mapping[str, Any],
    *,
    keep_versions: int,
    keep_hours: float,
    changed_since: date | None = None,
    changed_after: str | None = None,
    full: bool = False,
    engine: Mapping[str, str | int] | None = None,
    progress: Progress | None = None,
) -> PublishedVersion:
    """Publish the tables as one version, or recognise that their content is published already.

    ``changed_since``: the first month in which any row may have changed since the version
    ``changed_after`` (None: since the newest one here); None reads everything. ``full`` builds
    on nothing and always makes a new version. ``provenance`` is kept with the version;
    ``policy_hash`` and ``code_version`` in it become columns. ``engine`` are DuckDB settings.
    """
    check_names(tables)
    say = progress or (lambda message: None)
    provenance = json.loads(json.dumps(dict(provenance), default=str))
    notes: list[str] = []
    with publishing(published_dir):
        base = None if full else _base(published_dir, notes)
        since = _trusted_since(base, changed_since, changed_after, notes)
        # Spills beside the versions, not in the caller's folder; cleared with the debris.
        config = {"temp_directory": str(published_dir / ".building-spill"), **(engine or {})}
        with _warehouse(warehouse_path, config) as (con, catalog):
            source = Source(con, catalog, {table.name: table.schema for table in tables})
            prints = _take_prints(source, tables, base, since, notes, say)
            digest = version_hash(as_of, prints)
            same = _same_content(published_dir, digest) if base else None
            policy = provenance.get(POLICY_HASH)
            if same and policy not in (None, same.provenance.get(POLICY_HASH)):
                # The same figures under other policies: who asks for the policy must find it.
                same = None
            # A version that is gone has had its name all the same.
            taken = [*version_names(published_dir), *([changed_after] if changed_after else [])]
            name = next_name(as_of, taken)
            record = same or _build(
                source, published_dir, base, prints, name, as_of, digest, provenance, say
            )
        say(f"pointing readers at {record.version}")
        point_at(published_dir, record.version)
        removed = retire(
            published_dir, datetime.now(UTC), keep_versions=keep_versions, keep_hours=keep_hours
        )
    return PublishedVersion(
        record=record,
        path=version_dir(published_dir, record.version),
        created=same is None,
        notes=tuple(notes),
        parts_written={} if same else _parts_written(base, prints),
        removed=tuple(removed),
    )


def _base(published_dir: Path, notes: list[str]) -> _Base | None:
    """The newest version, current or not: it is the one that later changes are counted from."""
    names = version_names(published_dir)
    if not names:
        return None
    folder = version_dir(published_dir, names[-1])
    try:
        record = read_record(published_dir, names[-1])
        if (record.layout, record.engine) != (LAYOUT, duckdb.__version__):
            notes.append(f"built in full: version {record.version} was written by another release")
            return None
        prints = read_prints(folder)
    except PublishError as error:
        notes.append(f"built in full: {error}")
        return None
    if not (folder / DATABASE).is_file():
        notes.append(f"built in full: version {record.version} has lost its file")
        return None
    return _Base(record, folder, prints)


def _trusted_since(
    base: _Base | None, since: date | None, after: str | None, notes: list[str]
) -> date | None:
    """The caller's first changed month, unless it counts from a version later than any here."""
    if base is None or since is None or after is None:
        return since
    if sequence_of(after) > base.record.sequence:
        notes.append(f"read everything: version {after}, which changes count from, is not here")
        return None
    return since


@contextmanager
def _warehouse(
    path: Path, config: Mapping[str, str | int]
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection that can write elsewhere, with the warehouse attached read-only.

    The attached file is locked against writers until the end: all tables are of one state. It
    keeps its own name, under which its views refer to it.
    """
    if not path.is_file():
        raise PublishError(f"there is no warehouse at {path}; run `tenure run` first")
    catalog = path.stem
    with duckdb.connect(config=dict(config)) as con:
        con.execute("set preserve_insertion_order = false")
        # A quarter of the time to write a month goes into trying FSST, for 2 % of the file.
        con.execute("set disabled_compression_methods = 'fsst'")
        try:
            literal = str(path).replace("'", "''")
            con.execute(f"attach '{literal}' as {quoted(catalog)} (read_only)")
        except duckdb.Error as error:
            raise PublishError(
                f"the warehouse {path} cannot be read, most likely because a run is writing it; "
                f"publish when the run has ended ({str(error).splitlines()[0]})"
            ) from error
        yield con, catalog


def _take_prints(
    source: Source,
    tables: Sequence[PublishedTable],
    base: _Base | None,
    since: date | None,
    notes: list[str],
    say: Progress,
) -> list[TablePrint]:
    """Fingerprints of all tables; tables by name, then views in the order they build on others."""
    _check_present(source, tables)
    views = keepable_views(source.con, source.catalog, tables)
    prints: dict[str, TablePrint] = {}
    for table in sorted(tables, key=lambda table: table.name):
        if table.name in views:
            continue
        say(f"comparing {table.name}")
        prints[table.name], doubt = take_print(
            source.con,
            source.catalog,
            table,
            base.prints.get(table.name) if base else None,
            since,
            base.record.sequence if base else 0,
        )
        if doubt:
            notes.append(f"read all of {table.name}: {doubt}")
    named = {table.name: table for table in tables}
    for name, view in views.items():
        say(f"comparing {name}")
        reads = [prints[read] for read in view.reads if read in prints]
        prints[name] = take_view_print(source.con, source.catalog, named[name], view.query, reads)
    return list(prints.values())


def _check_present(source: Source, tables: Sequence[PublishedTable]) -> None:
    rows = source.con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = $1 "
        "union all select schema_name, view_name from duckdb_views() where database_name = $1",
        [source.catalog],
    ).fetchall()
    there = set(rows)
    missing = [f"{t.schema}.{t.name}" for t in tables if (t.schema, t.name) not in there]
    if missing:
        raise PublishError(
            f"the warehouse has no {', '.join(missing)}; run the marts before publishing"
        )


def _same_content(published_dir: Path, digest: str) -> VersionRecord | None:
    """A version, current or later (rolled back from, or killed before the swap), with this content.

    Earlier ones do not count: going back to one would read as a rollback.
    """
    current = current_name(published_dir)
    names = version_names(published_dir)
    for name in reversed(names[names.index(current) if current else 0 :]):
        try:
            record = read_record(published_dir, name)
        except PublishError:
            continue  # Reported by _base if it matters.
        whole = (version_dir(published_dir, name) / DATABASE).is_file()
        if whole and record.content_hash == digest:
            return record
    return None


def _build(
    source: Source,
    published_dir: Path,
    base: _Base | None,
    prints: Sequence[TablePrint],
    name: str,
    as_of: date,
    digest: str,
    provenance: Mapping[str, Any],
    say: Progress,
) -> VersionRecord:
    """Write a whole version under a hidden name and rename it into place."""
    building = published_dir / f".building-{name}"
    building.mkdir()
    copied = base if base and base.record.free_share <= MAX_FREE_SHARE else None
    say(f"writing {name}: " + ("changes to a copy" if copied else "everything"))
    if copied:
        copy_file(copied.folder / DATABASE, building / DATABASE)
    write_tables(source, building / DATABASE, copied.prints if copied else {}, prints)
    say(f"writing {name}: notes")
    now = datetime.now(UTC)
    space = write_notes(
        source.con,
        building / DATABASE,
        _version_row(name, as_of, now, digest, provenance, prints),
        [_table_row(table) for table in prints],
    )
    say(f"writing {name}: Parquet")
    write_parquet(
        source, building, base.folder if base else None, base.prints if base else {}, prints
    )
    say(f"checking {name}")
    check_file(building / DATABASE, prints)
    seal(building / DATABASE)
    record = VersionRecord(
        version=name,
        as_of=as_of,
        published_at=now,
        content_hash=digest,
        provenance=dict(provenance),
        tables=tuple(_table_record(table) for table in prints),
        method="copy and change" if copied else "full",
        layout=LAYOUT,
        engine=duckdb.__version__,
        bytes=space.bytes,
        free_share=round(space.free_share, 4),
    )
    write_prints(building, prints)
    write_record(building, record)
    sync_folder(building / "parquet")
    sync_folder(building)
    say(f"placing {name}")
    os.rename(building, version_dir(published_dir, name))
    sync_folder(published_dir / "versions")
    return record


def _version_row(
    name: str,
    as_of: date,
    now: datetime,
    digest: str,
    provenance: Mapping[str, Any],
    prints: Sequence[TablePrint],
) -> dict[str, object]:
    return {
        "version": name,
        "as_of": as_of,
        "published_at": now.replace(tzinfo=None),
        POLICY_HASH: provenance.get(POLICY_HASH),
        "code_version": provenance.get("code_version"),
        "content_hash": digest,
        "row_count": sum(table.rows or 0 for table in prints),
        "provenance": json.dumps(provenance, sort_keys=True),
    }


def _table_record(table: TablePrint) -> TableRecord:
    return TableRecord(
        name=table.name,
        kind="table" if table.view_sql is None else "view",
        month_column=table.month_column,
        rows=table.rows,
        months=len(table.parts) if table.month_column and table.view_sql is None else None,
        content_hash=table.content_hash,
    )


def _table_row(table: TablePrint) -> dict[str, object]:
    return dict(vars(_table_record(table)))


def _parts_written(base: _Base | None, prints: Sequence[TablePrint]) -> dict[str, int]:
    before = base.prints if base else {}
    counts = {table.name: len(stale_parts(before.get(table.name), table)) for table in prints}
    return {name: count for name, count in counts.items() if count}
