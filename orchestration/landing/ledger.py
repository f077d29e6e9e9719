"""The record of loading: control.load_ledger, control.quarantine, control.day_versions.

Written in the transaction that changes raw, so that the record and the rows never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.landing.temptable import fill_temp_table

_SCHEMA = """
create schema if not exists control;
create schema if not exists raw;
create table if not exists control.load_ledger (
    file_id varchar not null,
    table_name varchar not null,
    loaded_on date not null,
    file_name varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    modified_ns bigint not null,
    status varchar not null,
    reason varchar,
    rows_read bigint not null,
    accepted bigint not null,
    duplicate bigint not null,
    superseded bigint not null,
    quarantined bigint not null,
    unknown_columns varchar[] not null,
    version bigint not null,
    recorded_at timestamp not null
);
-- Added later: homes of before have ledgers without them.
alter table control.load_ledger add column if not exists ends_open boolean default false;
alter table control.load_ledger add column if not exists rows_lost bigint default 0;
create table if not exists control.quarantine (
    file_id varchar not null,
    table_name varchar not null,
    loaded_on date not null,
    file_name varchar not null,
    line_no bigint not null,
    column_name varchar,
    value varchar,
    reason_code varchar not null,
    reason varchar not null
);
create table if not exists control.day_versions (loaded_on date not null, version bigint not null);
create table if not exists control.version_counter (version bigint not null);
insert into control.version_counter
select 0 where not exists (from control.version_counter);
"""


@dataclass(frozen=True)
class _LedgerFile:
    """A delivered file and what became of it."""

    file_id: str
    table: str
    loaded_on: date
    name: str
    sha256: str
    size: int
    modified_ns: int
    status: str


@dataclass(frozen=True)
class Entry(_LedgerFile):
    """What the ledger knows of a file."""

    rows_read: int
    quarantined: int
    reason: str | None
    rows_lost: int


@dataclass(frozen=True)
class Record(_LedgerFile):
    """A file's outcome to be written; counts of loaded files are taken from the rows."""

    reason: str | None = None
    identical_rows: int = 0
    # Whether the last line has no line end: it may be cut off in its last value.
    ends_open: bool = False
    # Rows that a refused file had loaded before it was replaced by what cannot be read.
    rows_lost: int = 0
    unknown_columns: tuple[str, ...] = ()


def create_control_schema(con: duckdb.DuckDBPyConnection) -> None:
    """The landing room's control tables, where they do not exist yet."""
    con.execute(_SCHEMA)


def read_entries(con: duckdb.DuckDBPyConnection, table: str) -> list[Entry]:
    """All files of a table the ledger knows, in no particular order."""
    rows = con.execute(
        "select file_id, table_name, loaded_on, file_name, sha256, bytes, modified_ns, status, "
        "rows_read, quarantined, reason, coalesce(rows_lost, 0) from control.load_ledger "
        "where table_name = ?",
        [table],
    ).fetchall()
    return [Entry(*row) for row in rows]


def next_version(con: duckdb.DuckDBPyConnection) -> int:
    """Count on; rolled back with the transaction that asked."""
    rows = con.execute(
        "update control.version_counter set version = version + 1 returning version"
    ).fetchall()
    return int(rows[0][0])


def forget(con: duckdb.DuckDBPyConnection, file_ids: list[str]) -> None:
    """Drop what is recorded of files: they are recorded again next, or have gone."""
    for name in ("load_ledger", "quarantine"):
        con.execute(f"delete from control.{name} where list_contains(?, file_id)", [file_ids])


def withdraw(con: duckdb.DuckDBPyConnection, entries: list[Entry]) -> None:
    """Forget refused files that have gone, in one transaction; their days count as changed.

    A day stays known even if nothing else was delivered on it: what the file had loaded before
    it was refused may be built already, and only a newer version has it built again without.
    """
    con.begin()
    try:
        forget(con, [entry.file_id for entry in entries])
        mark_days(con, {entry.loaded_on for entry in entries}, next_version(con))
        con.commit()
    except BaseException:
        con.rollback()
        raise


def restat(con: duckdb.DuckDBPyConnection, touched: list[tuple[str, int, int]]) -> None:
    """Files (id, size, time) that were touched but hold what they held: all of a restored home."""
    if not touched:
        return
    fill_temp_table(
        con,
        "landing_touched",
        {"file_id": "varchar", "bytes": "bigint", "modified_ns": "bigint"},
        touched,
    )
    con.execute(
        "update control.load_ledger as l set bytes = t.bytes, modified_ns = t.modified_ns "
        "from landing_touched as t where l.file_id = t.file_id"
    )
    con.execute("drop table landing_touched")


def write_quarantine(con: duckdb.DuckDBPyConnection, quarantine_sql: str) -> None:
    """The batch's bad rows with their reasons."""
    con.execute(f"insert into control.quarantine {quarantine_sql}")


def write_records(con: duckdb.DuckDBPyConnection, records: list[Record], version: int) -> None:
    """The batch's files with their counts, and the counts of older files it amended."""
    if records:
        fill_temp_table(
            con,
            "landing_records",
            _RECORD_COLUMNS,
            [
                (
                    *(r.file_id, r.table, r.loaded_on, r.name, r.sha256, r.size, r.modified_ns),
                    *(r.status, r.reason, r.identical_rows, list(r.unknown_columns)),
                    *(r.ends_open, r.rows_lost),
                )
                for r in records
            ],
        )
        con.execute(_RECORD, {"version": version})
    con.execute(_RECOUNT)


_RECORD_COLUMNS = {
    "file_id": "varchar",
    "table_name": "varchar",
    "loaded_on": "date",
    "file_name": "varchar",
    "sha256": "varchar",
    "bytes": "bigint",
    "modified_ns": "bigint",
    "status": "varchar",
    "reason": "varchar",
    "identical_rows": "bigint",
    "unknown_columns": "varchar[]",
    "ends_open": "boolean",
    "rows_lost": "bigint",
}

_RECORD = """
insert into control.load_ledger
with rows_read as (
    select f.file_id,
        count(*) as rows_read,
        count(*) filter (r.problem is not null) as quarantined
    from landing_rows as r
    inner join landing_files as f using (file_ix)
    group by f.file_id
), fates as (
    select f.file_id,
        count(*) filter (t.row_status = 'duplicate') as duplicate,
        count(*) filter (t.row_status = 'superseded' or t.superseded_on is not null) as superseded
    from landing_fates as t
    inner join landing_files as f using (file_ix)
    group by f.file_id
), counted as (
    select p.*,
        coalesce(r.rows_read, 0) + p.identical_rows as rows_read,
        coalesce(t.duplicate, 0) + p.identical_rows as duplicate,
        coalesce(t.superseded, 0) as superseded,
        coalesce(r.quarantined, 0) as quarantined
    from landing_records as p
    left join rows_read as r using (file_id)
    left join fates as t using (file_id)
)
select file_id, table_name, loaded_on, file_name, sha256, bytes, modified_ns, status, reason,
    rows_read, rows_read - duplicate - superseded - quarantined, duplicate, superseded,
    quarantined, unknown_columns, $version, current_localtimestamp(), ends_open,
    rows_lost
from counted
"""

_RECOUNT = """
update control.load_ledger as l
set accepted = l.accepted + c.accepted,
    duplicate = l.duplicate + c.duplicate,
    superseded = l.superseded + c.superseded
from (
    select file_id,
        sum(new_accepted::integer - old_accepted::integer) as accepted,
        sum((new_status = 'duplicate')::integer - (old_status = 'duplicate')::integer)
            as duplicate,
        sum(
            (new_status <> 'duplicate' and not new_accepted)::integer
            - (old_status <> 'duplicate' and not old_accepted)::integer
        ) as superseded
    from (
        select *,
            new_status = 'accepted' and new_superseded_on is null as new_accepted,
            old_status = 'accepted' and old_superseded_on is null as old_accepted
        from landing_amended
    )
    group by file_id
) as c
where l.file_id = c.file_id
"""


def mark_days(con: duckdb.DuckDBPyConnection, days: Iterable[date], version: int) -> None:
    """These days' raw content changed with this version."""
    marked = sorted(days)
    if not marked:
        return
    con.execute("delete from control.day_versions where list_contains(?, loaded_on)", [marked])
    con.execute("insert into control.day_versions select unnest(?), ?", [marked, version])


def known_days(con: duckdb.DuckDBPyConnection) -> set[date]:
    """Days that have a version."""
    return {row[0] for row in con.execute("select loaded_on from control.day_versions").fetchall()}


def amended_days(con: duckdb.DuckDBPyConnection) -> set[date]:
    """Days whose rows changed their fate on their own day in this batch."""
    rows = con.execute(
        "select distinct loaded_on from landing_amended where old_status <> new_status"
    ).fetchall()
    return {row[0] for row in rows}
