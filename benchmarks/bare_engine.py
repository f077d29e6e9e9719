"""The compiled SQL of a home's last run, once, in a bare DuckDB process: the baseline.

Run on a copy of the home's warehouse. No Dagster, no dbt, no gates, no publishing: only what the
engine itself needs for the models.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from orchestration.dbt.project import DbtProject


def statements(project: DbtProject, first: date) -> list[str]:
    """What dbt executed for the models in a run from a day on, in an order that respects their
    references.
    """
    nodes = project.manifest_json["nodes"]
    models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
    order = TopologicalSorter(
        {
            name: [parent for parent in node["depends_on"]["nodes"] if parent in models]
            for name, node in models.items()
        }
    ).static_order()
    return [text for name in order for text in _statements(models[name], project.target_dir, first)]


def _statements(node: dict[str, Any], target: Path, first: date) -> list[str]:
    path = target / "compiled" / "tenure" / node["original_file_path"]
    sql = path.read_text()
    table = f"{node['schema']}.{node['name']}"
    config = node["config"]
    if config["materialized"] != "suffix":
        return [f"create or replace {config['materialized']} {table} as ({sql}\n)"]
    executed = (target / "run" / "tenure" / node["original_file_path"]).read_text()
    if "insert into" not in executed:
        return [f"create or replace table {table} as ({sql}\n)"]
    since = first.replace(day=1) if config["suffix_from"] == "window_month" else first
    return [
        f"delete from {table} where {config['suffix_column']} >= date '{since}'",
        f"insert into {table} by name ({sql}\n)",
    ]


def main() -> None:
    """Arguments: the copied warehouse, a JSON file with the statements, threads, memory limit."""
    warehouse, path, threads, memory = sys.argv[1:5]
    with duckdb.connect(warehouse, config={"threads": int(threads), "memory_limit": memory}) as con:
        con.execute("set preserve_insertion_order = false")
        for statement in json.loads(Path(path).read_text()):
            con.execute(statement)


if __name__ == "__main__":
    main()
