"""What exactly a version holds, part by part, so that only what changed is written again.

A part is one month of a month-grained table, or the whole of any other table. Its fingerprint is
its row count and the sum over rows of a 64-bit hash of all columns: independent of row order,
threads and storage, computed in the engine. It guards against accidents, not against forgery.

Closed months are not read again: the caller says from which month on rows may have been
rewritten, and earlier months keep the fingerprint that the previous version recorded. That word
is checked: their row counts must be the recorded ones, and one earlier month per publish, in
turn, is read in full. At any doubt every month of the table is read.

A view has no parts and its rows are neither read nor counted: its query and the tables it reads
say what it holds, and those tables have fingerprints of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish.tables import PublishedTable
from orchestration.publish.versions import PublishError, write_json

WHOLE = "all"
FILE = "fingerprints.json"


@dataclass(frozen=True)
class Part:
    """Row count and hash sum of one part."""

    rows: int
    hash_sum: str


@dataclass(frozen=True)
class TablePrint:
    """A table as published: shape, wording and the fingerprint of every part.

    A view has its query instead of parts, and the content hashes of the tables that it reads.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    month_column: str | None
    view_sql: str | None
    description: str
    column_descriptions: tuple[tuple[str, str], ...]
    parts: Mapping[str, Part]
    reads: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> int | None:
        """Rows of all parts; None for a view, whose rows are not counted."""
        if self.view_sql is not None:
            return None
        return sum(part.rows for part in self.parts.values())

    @property
    def content_hash(self) -> str:
        """Equal for equal columns, rows (a view: query and tables read) and descriptions."""
        return _digest(asdict(self))

    def same_shape(self, other: TablePrint) -> bool:
        """Whether rows of one fit beside rows of the other."""
        return (self.columns, self.month_column) == (other.columns, other.month_column)


def version_hash(as_of: date, prints: Sequence[TablePrint]) -> str:
    """The content of a whole version. Provenance is not content: equal rows are equal."""
    hashes = {table.name: table.content_hash for table in prints}
    return _digest({"as_of": as_of.isoformat(), "tables": hashes})


def quoted(*names: str) -> str:
    """A dotted SQL identifier."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def first_of_month(day: date) -> date:
    """The key of the month that a day lies in."""
    return day.replace(day=1)


def next_month(key: str) -> str:
    """The key of the month after."""
    day = date.fromisoformat(key)
    return date(day.year + day.month // 12, day.month % 12 + 1, 1).isoformat()


def part_filter(month_column: str | None, key: str) -> str:
    """The SQL condition that selects a part: half-open, whatever day of the month rows carry."""
    if month_column is None:
        return "true"
    column = quoted(month_column)
    return f"{column} >= date '{key}' and {column} < date '{next_month(key)}'"


def describe(con: duckdb.DuckDBPyConnection, relation: str) -> tuple[tuple[str, str], ...]:
    """Column names and types of a table or view."""
    rows = con.execute(f"describe select * from {relation}").fetchall()
    return tuple((name, kind) for name, kind, *_ in rows)


def count_parts(
    con: duckdb.DuckDBPyConnection, relation: str, month_column: str | None, where: str = "true"
) -> dict[str, int]:
    """Rows per part: one pass over one column."""
    if month_column is None:
        found = con.execute(f"select count(*) from {relation} where {where}").fetchone()
        return {WHOLE: found[0] if found else 0}
    rows = con.execute(
        f"select cast(date_trunc('month', day) as date), sum(n)::bigint "
        f"from (select {quoted(month_column)} as day, count(*) as n from {relation} "
        f"where {where} group by all) group by all order by all"
    ).fetchall()
    return {_month_key(relation, month): n for month, n in rows}


def hash_parts(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[tuple[str, str]],
    month_column: str | None,
    where: str = "true",
) -> dict[str, Part]:
    """Fingerprints of the parts that the condition selects; reads every column of their rows."""
    # Hashed twice: combining column hashes is nearly linear, and without a second round
    # exchanging values between rows could cancel out in the sum.
    row = f"hash(hash({', '.join(quoted(name) for name, _ in columns)}))"
    if month_column is None:
        found = con.execute(
            f"select count(*), coalesce(sum({row}), 0)::varchar from {relation} where {where}"
        ).fetchone()
        assert found is not None
        return {WHOLE: Part(*found)}
    rows = con.execute(
        f"select cast(date_trunc('month', day) as date), sum(n)::bigint, sum(h)::varchar "
        f"from (select {quoted(month_column)} as day, count(*) as n, sum({row}) as h "
        f"from {relation} where {where} group by all) group by all order by all"
    ).fetchall()
    return {_month_key(relation, month): Part(n, h) for month, n, h in rows}


def take_print(
    con: duckdb.DuckDBPyConnection,
    catalog: str,
    table: PublishedTable,
    base: TablePrint | None,
    changed_since: date | None,
    turn: int,
) -> tuple[TablePrint, str | None]:
    """The table as the warehouse has it now; and, if the caller's word was doubted, why."""
    relation = quoted(catalog, table.schema, table.name)
    columns = describe(con, relation)
    _check_month_column(table, columns)
    carried: dict[str, Part] = {}
    doubt = None
    since = first_of_month(changed_since).isoformat() if changed_since else None
    if base is not None and since is not None and table.month_column is not None:
        carried = {key: part for key, part in base.parts.items() if key < since}
        doubt = _doubt(con, relation, columns, table.month_column, base, carried, since, turn)
        carried = {} if doubt else carried
    where = f"{quoted(table.month_column)} >= date '{since}'" if table.month_column else "true"
    fresh = hash_parts(
        con,
        relation,
        columns,
        table.month_column,
        where if base is not None and since is not None and not doubt else "true",
    )
    return TablePrint(
        name=table.name,
        columns=columns,
        month_column=table.month_column,
        view_sql=None,
        description=table.description,
        column_descriptions=table.column_descriptions,
        parts={**carried, **fresh},
    ), doubt


def take_view_print(
    con: duckdb.DuckDBPyConnection,
    catalog: str,
    table: PublishedTable,
    view_sql: str,
    reads: Sequence[TablePrint],
) -> TablePrint:
    """The view as the warehouse has it now, of which no row is read."""
    columns = describe(con, quoted(catalog, table.schema, table.name))
    _check_month_column(table, columns)
    return TablePrint(
        name=table.name,
        columns=columns,
        month_column=table.month_column,
        view_sql=view_sql,
        description=table.description,
        column_descriptions=table.column_descriptions,
        parts={},
        reads=tuple(sorted((read.name, read.content_hash) for read in reads)),
    )


def _doubt(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    columns: tuple[tuple[str, str], ...],
    month_column: str,
    base: TablePrint,
    carried: Mapping[str, Part],
    since: str,
    turn: int,
) -> str | None:
    """Why earlier months cannot be taken as unchanged; None if nothing speaks against it."""
    if (columns, month_column) != (base.columns, base.month_column):
        return "its columns changed"
    before = f"{quoted(month_column)} < date '{since}'"
    counts = count_parts(con, relation, month_column, before)
    if counts != {key: part.rows for key, part in carried.items()}:
        return f"its row counts before {since} are not those of the previous version"
    if carried:
        key = sorted(carried)[turn % len(carried)]
        found = hash_parts(con, relation, columns, month_column, part_filter(month_column, key))
        if found != {key: carried[key]}:
            return f"its rows of {key[:7]} are not those of the previous version"
    return None


def _check_month_column(table: PublishedTable, columns: Sequence[tuple[str, str]]) -> None:
    if table.month_column is None:
        return
    kind = dict(columns).get(table.month_column)
    if kind != "DATE":
        raise PublishError(
            f"{table.schema}.{table.name}: month column {table.month_column!r} must be a date "
            f"and is {kind or 'missing'}; correct the model's meta or its contract"
        )


def _month_key(relation: str, month: date | None) -> str:
    if month is None:
        raise PublishError(f"{relation} has rows without a month; its month column must be filled")
    return month.isoformat()


def write_prints(folder: Path, prints: Sequence[TablePrint]) -> None:
    """Record the fingerprints beside the version they describe."""
    write_json(folder / FILE, {table.name: asdict(table) for table in prints})


def read_prints(folder: Path) -> dict[str, TablePrint]:
    """The fingerprints recorded with a version."""
    try:
        values = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {name: _print(value) for name, value in values.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(f"the fingerprints in {folder} cannot be read: {error}") from error


def _print(value: dict[str, Any]) -> TablePrint:
    pairs = {
        name: tuple((first, second) for first, second in value[name])
        for name in ("columns", "column_descriptions", "reads")
    }
    parts = {key: Part(**part) for key, part in value["parts"].items()}
    return TablePrint(**{**value, **pairs, "parts": parts})


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
