"""What Dagster shows of a layer's tables: how many rows, a few of them, and how tests came out."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import duckdb
from dagster import MarkdownMetadataValue, MetadataValue, TableMetadataValue, TableRecord

from orchestration.reports import backtest, rating_backtest, scorecard_watch
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

_SCHEMAS = {
    "policy": ("policy",),
    # The vault holds personal data: counted, never shown.
    "staging": ("staging", "vault"),
    "facts": ("facts",),
    "marts": ("marts",),
    "fits": ("fits",),
    "forward": ("forward",),
}
_HIDDEN = ("vault",)
_TESTS: dict[str, Sequence[ModuleType]] = {
    "forward": (backtest, scorecard_watch),
    "marts": (rating_backtest,),
}
_ROWS = 5
_COLUMNS = 12

Metadata = dict[str, int | str | TableMetadataValue]
Pages = dict[str, MarkdownMetadataValue]


def table_metadata(
    settings: Settings, layer: str, with_rows: bool
) -> dict[tuple[str, ...], Metadata]:
    """Per (schema, table) of a layer: its row count and a few rows. Views are not counted."""
    with open_warehouse(settings, read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = current_database() and list_contains(?, schema_name)",
            [list(_SCHEMAS[layer])],
        ).fetchall()
        return {
            (schema, table): _describe(con, schema, table, with_rows) for schema, table in tables
        }


def tests_shown(settings: Settings, layer: str) -> dict[tuple[str, ...], Pages]:
    """Per (schema, table) of back-tests in a layer: tables and a chart of how they came out."""
    if layer not in _TESTS:
        return {}
    with open_warehouse(settings, read_only=True) as con:
        return {
            (layer, name): {
                title: MetadataValue.md(text)
                for title, text in tests.shown_in_markdown(con, name, schema=layer).items()
            }
            for tests in _TESTS[layer]
            for name in tests.TESTS
        }


def _describe(con: duckdb.DuckDBPyConnection, schema: str, table: str, with_rows: bool) -> Metadata:
    row = con.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
    assert row is not None
    metadata: Metadata = {"dagster/row_count": int(row[0])}
    if with_rows and schema not in _HIDDEN and row[0]:
        metadata["preview"] = _preview(con, schema, table)
    return metadata


def _preview(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> TableMetadataValue:
    cursor = con.execute(f'select * from "{schema}"."{table}" limit {_ROWS}')
    names = [column[0] for column in cursor.description or []][:_COLUMNS]
    records = [
        TableRecord({name: str(value) for name, value in zip(names, values, strict=False)})
        for values in cursor.fetchall()
    ]
    return MetadataValue.table(records)
