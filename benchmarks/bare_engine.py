"""The compiled SQL of a home's last run, once, in a bare DuckDB process: the baseline.

Run on a copy of the home's warehouse. No Dagster, no dbt, no gates, no publishing: only what the
engine itself needs for the models.
"""

from __future__ import annotations

import json
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb


def statements(target: Path) -> list[str]:
    """What dbt executed for the models, in an order that respects their references."""
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
    order = TopologicalSorter(
        {
            name: [parent for parent in node["depends_on"]["nodes"] if parent in models]
            for name, node in models.items()
        }
    ).static_order()
    return [text for name in order for text in _statements(models[name], target)]


def _statements(node: dict[str, Any], target: Path) -> list[str]:
    path = target / "compiled" / "tenure" / node["original_file_path"]
    sql = path.read_text()
    table = f"{node['schema']}.{node['name']}"
    kind = node["config"]["materialized"]
    if kind != "suffix":
        return [f"create or replace {kind} {table} as ({sql}\n)"]
    executed = (target / "run" / "tenure" / node["original_file_path"]).read_text()
    since = _window(target, node["config"]["suffix_from"])
    if "insert into" not in executed:
        return [f"create or replace table {table} as ({sql}\n)"]
    column = node["config"]["suffix_column"]
    return [
        f"delete from {table} where {column} >= date '{since}'",
        f"insert into {table} by name ({sql}\n)",
    ]


def _window(target: Path, suffix_from: str) -> str:
    results = json.loads((target / "run_results.json").read_text())
    start: str = results["args"]["vars"]["window_start"]
    return start[:7] + "-01" if suffix_from == "window_month" else start


def main() -> None:
    """Arguments: the copied warehouse, the home's dbt target folder, threads, memory limit."""
    warehouse, target, threads, memory = sys.argv[1:5]
    with duckdb.connect(warehouse, config={"threads": int(threads), "memory_limit": memory}) as con:
        con.execute("set preserve_insertion_order = false")
        for statement in statements(Path(target)):
            con.execute(statement)


if __name__ == "__main__":
    main()
