"""Tables whose cells are written already: the same for a terminal, a page and Dagster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True)
class Shown:
    """A table whose cells are written already, for a terminal or a page."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    # So many columns are names, the others numbers.
    names: int = 2

    def markdown(self) -> str:
        """The table as Markdown, numbers to the right."""
        marks = ["---"] * self.names + ["---:"] * (len(self.columns) - self.names)
        lines = [self.columns, marks, *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def rows_of(
    con: duckdb.DuckDBPyConnection, query: str, schema: str, **asked: object
) -> list[dict[str, Any]]:
    """Rows by column; `{schema}` in the query is where its tables stand, with its dot."""
    cursor = con.execute(query.format(schema=f"{schema}." if schema else ""), asked)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
