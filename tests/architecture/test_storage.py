"""How rows lie on disk: what a later run need not read."""

from __future__ import annotations

import duckdb

from tests.architecture.project import Project


def test_rows_of_several_months_lie_in_order(project: Project) -> None:
    """A daily run reads a month or two: zone maps leave out the rest only if it lies apart."""
    with duckdb.connect(str(project.warehouse), read_only=True) as con:
        for name, node in project.models.items():
            column = node["config"].get("suffix_column")
            if column is None:
                continue
            found = con.execute(
                f"select count(*), count(distinct {column}), count(*) filter (where behind) from ("
                f"select {column}, {column} < lag({column}) over (order by rowid) as behind "
                f"from {node['schema']}.{name})"
            ).fetchone()
            assert found is not None
            assert found[2] == 0, name
