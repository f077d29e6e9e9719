"""Views among the published models: kept as views where the published file can answer them.

A view can stay one if it reads nothing but published tables and binds to the same columns in a
database that holds only those. The proof is made by doing it, in the scratch (in-memory) database
of the publishing connection, on empty tables. Any other view is published as a table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import duckdb

from orchestration.publish.fingerprints import describe, quoted
from orchestration.publish.tables import PublishedTable

_HEAD = re.compile(r"^create view .+? as (?=select|with|from|\()", re.IGNORECASE | re.DOTALL)
_PURE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})


def keepable_views(
    con: duckdb.DuckDBPyConnection, catalog: str, tables: Sequence[PublishedTable]
) -> dict[str, str]:
    """Defining queries, on unqualified names, of the views that can stay views.

    In the order in which they can be created: a view may read another published view.
    """
    known = {(table.schema, table.name): table for table in tables}
    pending = {table.name: table for table in tables if table.is_view}
    _copy_shapes(con, catalog, [table for table in tables if not table.is_view])
    kept: dict[str, str] = {}
    while True:
        settled = [
            (name, query)
            for name, table in pending.items()
            if (query := _bound(con, catalog, table, known))
        ]
        if not settled:
            # Views on what is left are published as tables; so others may yet bind to them.
            if not pending:
                return kept
            name, table = pending.popitem()
            _copy_shapes(con, catalog, [table])
            continue
        for name, query in settled:
            kept[name] = query
            del pending[name]


def _copy_shapes(
    con: duckdb.DuckDBPyConnection, catalog: str, tables: Sequence[PublishedTable]
) -> None:
    for table in tables:
        relation = quoted(catalog, table.schema, table.name)
        con.execute(
            f"create table memory.main.{quoted(table.name)} as select * from {relation} limit 0"
        )


def _bound(
    con: duckdb.DuckDBPyConnection,
    catalog: str,
    table: PublishedTable,
    known: dict[tuple[str, str], PublishedTable],
) -> str | None:
    """The view's query rewritten and created in the scratch database; None if it cannot be."""
    query = _rewritten(con, catalog, table, known)
    if query is None:
        return None
    scratch = f"memory.main.{quoted(table.name)}"
    try:
        con.execute(f"create view {scratch} as {query}")
    except duckdb.Error:
        return None
    if describe(con, scratch) != describe(con, quoted(catalog, table.schema, table.name)):
        con.execute(f"drop view {scratch}")
        return None
    return query


def _rewritten(
    con: duckdb.DuckDBPyConnection,
    catalog: str,
    table: PublishedTable,
    known: dict[tuple[str, str], PublishedTable],
) -> str | None:
    found = con.execute(
        "select sql from duckdb_views() "
        "where database_name = ? and schema_name = ? and view_name = ?",
        [catalog, table.schema, table.name],
    ).fetchone()
    if found is None:
        return None
    body = _HEAD.sub("", found[0], count=1).strip().rstrip(";")
    serialised = con.execute("select json_serialize_sql(?)", [body]).fetchone()
    tree = json.loads(serialised[0]) if serialised else {"error": True}
    if tree["error"] or not _requalify(tree, catalog, table.schema, known):
        return None
    query = con.execute("select json_deserialize_sql(?::json)", [json.dumps(tree)]).fetchone()
    return str(query[0]) if query else None


def _requalify(
    node: Any, catalog: str, home: str, known: dict[tuple[str, str], PublishedTable]
) -> bool:
    """Strip catalog and schema from published tables; False if anything else is read.

    A name without a schema is a common table expression or a table of the view's own schema;
    if it is neither, the binding test finds out.
    """
    if isinstance(node, list):
        return all(_requalify(item, catalog, home, known) for item in node)
    if not isinstance(node, dict):
        return True
    if node.get("type") == "TABLE_FUNCTION":
        # Others read files or the catalog, which a published file must not depend on.
        if node["function"]["function_name"] not in _PURE_FUNCTIONS:
            return False
    if node.get("type") == "BASE_TABLE" and node["schema_name"]:
        if node["catalog_name"] not in ("", catalog):
            return False
        if (node["schema_name"], node["table_name"]) not in known:
            return False
        node["catalog_name"] = node["schema_name"] = ""
    return all(_requalify(item, catalog, home, known) for item in node.values())
