"""Parquet deliveries: what their footers say, and how their columns become text and raw types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.landing.checks import typed
from orchestration.landing.contract import Column, TableContract
from orchestration.landing.errors import RefusedFileError
from orchestration.landing.header import Header, match_header

# Columns that the reader adds beside the file's own.
RESERVED = frozenset(("file_row_number", "landing_path"))

_INTEGERS = frozenset(
    f"{sign}{size}"
    for sign in ("", "U")
    for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
)
_FLOATS = frozenset(("FLOAT", "DOUBLE"))
_TIMESTAMPS = frozenset(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"))
_NUMBERS = _INTEGERS | _FLOATS | {"DECIMAL"}
_READABLE: Mapping[str, frozenset[str]] = {
    # Floats are no text: an account number that became 1.0e10 must not be guessed back.
    "string": _INTEGERS | {"VARCHAR", "UUID"},
    "date": _TIMESTAMPS | {"DATE", "VARCHAR"},
    "integer": _NUMBERS | {"VARCHAR"},
    "money": _NUMBERS | {"VARCHAR"},
    "rate": _NUMBERS | {"VARCHAR"},
    "boolean": frozenset(("BOOLEAN", "VARCHAR")),
}


@dataclass
class ParquetGroup:
    """Files of a batch with the same columns and types, read by one query."""

    header: Header
    delivered: dict[str, str]
    types: dict[str, str]
    paths: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Expressions:
    """SQL for one column: its text, its typed value, and whether the value needs no parsing."""

    text: str
    value: str
    native: bool


class ParquetSet:
    """The Parquet files of one batch of one table, grouped by schema."""

    def __init__(self, con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
        self._con = con
        self._table = table
        self.groups: dict[str, ParquetGroup] = {}

    def add(self, path: Path) -> tuple[Header, int]:
        """Check a file's footer; its header and uncompressed size."""
        if any(sign in path.name for sign in "*?["):
            raise RefusedFileError(
                "its name holds one of * ? [, which the Parquet reader takes for a pattern; "
                "rename the file"
            )
        schema, size = self._footer(path)
        header = match_header(schema.names, self._table)
        if RESERVED & set(header.names):
            raise RefusedFileError(
                f"the column names {' and '.join(sorted(RESERVED))} are taken by the reader; "
                "rename the column"
            )
        signature = schema.remove_metadata().to_string(show_field_metadata=False)
        if signature not in self.groups:
            self.groups[signature] = self._group(path, schema, header)
        self.groups[signature].paths.append(str(path))
        return header, size

    def _group(self, path: Path, schema: pa.Schema, header: Header) -> ParquetGroup:
        delivered = {name: schema.names[at] for name, at in header.positions.items()}
        types = self._types(path)
        for name, own_name in delivered.items():
            column = self._table.columns[name]
            empty = pa.types.is_null(schema.field(header.positions[name]).type)
            kind = "NULL" if empty else types[own_name]
            types[own_name] = kind
            plain = kind.partition("(")[0] if not kind.endswith("]") else kind
            if not empty and plain not in _READABLE[column.type]:
                raise RefusedFileError(
                    f"its column {name} has the Parquet type {kind}, which is not read as "
                    f"{column.type}; write it as {_wanted(column)}"
                )
        return ParquetGroup(header, delivered, types)

    def _types(self, path: Path) -> dict[str, str]:
        try:
            rows = self._con.execute(
                "describe select * from read_parquet(?, hive_partitioning = false)", [str(path)]
            ).fetchall()
        except duckdb.Error as error:
            raise unreadable(self._table, error) from error
        return {row[0]: row[1] for row in rows}

    def _footer(self, path: Path) -> tuple[pa.Schema, int]:
        try:
            with pq.ParquetFile(path) as file:
                groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
                return file.schema_arrow, sum(group.total_byte_size for group in groups)
        except FileNotFoundError:
            raise
        except (pa.ArrowException, OSError, ValueError) as error:
            raise unreadable(self._table, error) from error


def unreadable(table: TableContract, error: Exception) -> RefusedFileError:
    """A file whose footer or pages cannot be read. What the reader says may quote a value."""
    said = str(error).strip().partition("\n")[0][:200]
    quoted = f" ({said})" if said and not table.has_personal_data else ""
    return RefusedFileError(
        f"it is not readable as Parquet{quoted}, it may be cut off or hold text that is not "
        "UTF-8; deliver it again, whole"
    )


def column_expressions(group: ParquetGroup, name: str, column: Column) -> Expressions:
    """How the contract column `name` is read from the group's files."""
    own_name = group.delivered[name]
    kind = group.types[own_name]
    source = 'p."' + own_name.replace('"', '""') + '"'
    if kind == "NULL":
        return Expressions("null::varchar", f"null::{column.duckdb_type}", True)
    if kind.lower() == column.duckdb_type and column.type != "string":
        return Expressions(f"{source}::varchar", source, True)
    text = _text(kind, source)
    return Expressions(text, typed(column, text), False)


def _text(kind: str, source: str) -> str:
    if kind == "VARCHAR":
        return f"nullif({source}, '')"
    if kind in _TIMESTAMPS:
        return (
            f"case when {source}::timestamp = date_trunc('day', {source}::timestamp) "
            f"then ({source}::date)::varchar else {source}::varchar end"
        )
    if kind in _FLOATS:
        # The shortest spelling that reads back as the same float; exponents are spelled out.
        return (
            f"coalesce(case when not contains({source}::varchar, 'e') then {source}::varchar "
            f"when abs({source}) >= 1 then try_cast({source} as hugeint)::varchar "
            f"else try_cast({source} as decimal(38,30))::varchar end, {source}::varchar)"
        )
    return f"{source}::varchar"


def _wanted(column: Column) -> str:
    return {"string": "a string", "date": "a date", "boolean": "a boolean"}.get(
        column.type, column.duckdb_type
    )
