"""Whether two homes say the same, row for row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.forward.store import TABLES as FITS
from orchestration.publish.tables import published_tables
from orchestration.scoring.monitor import TABLES as MONITORED
from orchestration.scoring.store import TABLES as SCORES
from tests.support.home import Home

Rows = list[tuple[object, ...]]

# What is about the loading and not about what was loaded.
_INCIDENTAL = {
    "control.load_ledger": "exclude (version, recorded_at, modified_ns)",
    "control.day_versions": "exclude (version)",
}


def histories(home: Home) -> list[str]:
    """The tables whose whole content is promised: raw and its ledger, everything that a run only
    rewrites from its window on, the policies, and what is published."""
    nodes = home.bank.dbt.manifest_json["nodes"].values()
    kept = {
        f"{node['schema']}.{node['name']}"
        for node in nodes
        if node["resource_type"] == "seed"
        or (node["resource_type"] == "model" and node["config"]["materialized"] == "suffix")
    }
    raw = {f"raw.{name}" for name in home.bank.contract.tables}
    fits = {f"fits.{name}" for name in (*FITS, *SCORES, *MONITORED)}
    return sorted({*kept, *raw, *fits, *marts(home), *_INCIDENTAL, "control.quarantine"})


def marts(home: Home) -> list[str]:
    """The published tables, as they stand in the warehouse."""
    return [
        f"{table.schema}.{table.name}" for table in published_tables(home.bank.dbt.manifest_json)
    ]


def differences(one: Home, other: Home, where: Mapping[str, str] | None = None) -> dict[str, Rows]:
    """Rows that only one of two warehouses has, per table; empty where they are equal.

    `where`: compare only these tables, and of each the rows of a condition.
    """
    tables = where or dict.fromkeys(histories(one), "true")
    return _differing(
        contents(one.settings.warehouse_path, tables),
        contents(other.settings.warehouse_path, tables),
    )


def published_differences(one: Home, other: Home) -> dict[str, Rows]:
    """The same between what readers of both homes see."""
    tables = dict.fromkeys((name.split(".")[1] for name in marts(one)), "true")
    versions = [home.settings.published_dir / "current" / "tenure.duckdb" for home in (one, other)]
    found = [contents(version.resolve(strict=True), tables) for version in versions]
    return _differing(*found)


def contents(path: Path, tables: Mapping[str, str]) -> dict[str, Rows]:
    """Per table its columns and then its rows, sorted; each with a condition."""
    with duckdb.connect(str(path), read_only=True) as con:
        return {table: _rows(con, table, condition) for table, condition in tables.items()}


def _rows(con: duckdb.DuckDBPyConnection, table: str, condition: str) -> Rows:
    cursor = con.execute(
        f"select * {_INCIDENTAL.get(table, '')} from {table} where {condition} order by all"
    )
    names = tuple(f"{column[0]} {column[1]}" for column in cursor.description or [])
    return [names, *cursor.fetchall()]


def _differing(one: dict[str, Rows], other: dict[str, Rows]) -> dict[str, Rows]:
    found = {}
    for table in one:
        left, right = one[table], other[table]
        if left != right:
            found[table] = [
                ("rows", len(left) - 1, len(right) - 1),
                *(("only first", *row) for row in [r for r in left if r not in right][:3]),
                *(("only second", *row) for row in [r for r in right if r not in left][:3]),
            ]
    return found
