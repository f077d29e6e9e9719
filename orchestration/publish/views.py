"""Views among the published models: kept as views where the published file can answer them.

A view can stay one if it reads nothing but published tables and binds to the same columns in a
database that holds only those. The proof is made by doing it, in the scratch (in-memory) database
of the publishing connection, on empty tables. Any other view is published as a table.

What a kept view holds follows from its query and from the tables it reads, so both are told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.publish.fingerprints import describe, quoted
from orchestration.publish.tables import PublishedTable

_HEAD = re.compile(r"^create view .+? as (?=select|with|from|\()", re.IGNORECASE | re.DOTALL)
_PURE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})


@dataclass(frozen=True)
class KeptView:
    """A view that stays one: its query, rewritten to schema main, and the published it reads."""

    query: str
    reads: frozenset[str]


def keepable_views(
    con: duckdb.DuckDBPyConnection, catalog: str, tables: Sequence[PublishedTable]
) -> dict[str, KeptView]:
    """The views that can stay views, by name.

    In the order in which they can be created: a view may read another published view.
    """
    _copy_shapes(con, catalog, [table for table in tables if not table.is_view])
    known = {(table.schema, table.name) for table in tables}
    pending = {table: _rewritten(con, catalog, table, known) for table in tables if table.is_view}
    names = {table.name for table in tables}
    kept: dict[str, KeptView] = {}
    while pending:
        waiting = {table.name for table in pending}
        # Views cannot read each other in a circle, but a common table expression's name may
        # make it look so: then any will do.
        free = (view for view, (_, reads) in pending.items() if not reads & waiting)
        table = next(free, next(iter(pending)))
        query, reads = pending.pop(table)
        if query is not None and _binds(con, catalog, table, query):
            kept[table.name] = KeptView(query, frozenset(reads & names))
        else:
            _copy_shapes(con, catalog, [table])
    return kept


def _copy_shapes(
    con: duckdb.DuckDBPyConnection, catalog: str, tables: Sequence[PublishedTable]
) -> None:
    for table in tables:
        relation = quoted(catalog, table.schema, table.name)
        con.execute(
            f"create table memory.main.{quoted(table.name)} as select * from {relation} limit 0"
        )


def _binds(con: duckdb.DuckDBPyConnection, catalog: str, table: PublishedTable, query: str) -> bool:
    """Create the view in the scratch database; leave it there if it has the columns it should."""
    scratch = f"memory.main.{quoted(table.name)}"
    try:
        con.execute(f"create view {scratch} as {query}")
    except duckdb.Error:
        return False
    if describe(con, scratch) == describe(con, quoted(catalog, table.schema, table.name)):
        return True
    con.execute(f"drop view {scratch}")
    return False


def _rewritten(
    con: duckdb.DuckDBPyConnection,
    catalog: str,
    table: PublishedTable,
    known: Collection[tuple[str, str]],
) -> tuple[str | None, set[str]]:
    """The view's query on schema main (None if it reads anything else) and what it reads."""
    found = con.execute(
        "select sql from duckdb_views() "
        "where database_name = ? and schema_name = ? and view_name = ?",
        [catalog, table.schema, table.name],
    ).fetchone()
    if found is None:
        return None, set()
    body = _HEAD.sub("", found[0], count=1).strip().rstrip(";")
    serialised = con.execute("select json_serialize_sql(?)", [body]).fetchone()
    tree = json.loads(serialised[0]) if serialised else {"error": True}
    reads: set[str] = set()
    if tree["error"] or not _requalify(tree, catalog, known, reads):
        return None, set()
    query = con.execute("select json_deserialize_sql(?::json)", [json.dumps(tree)]).fetchone()
    return (str(query[0]) if query else None), reads - {table.name}


def _requalify(
    node: Any, catalog: str, known: Collection[tuple[str, str]], reads: set[str]
) -> bool:
    """Move published tables to schema main, noting them; False if others are read.

    A name without a schema is a common table expression or a table of the view's own schema;
    if it is neither, the binding test finds out.
    """
    if isinstance(node, list):
        return all(_requalify(item, catalog, known, reads) for item in node)
    if not isinstance(node, dict):
        return True
    if node.get("type") == "TABLE_FUNCTION":
        # Others read files or the catalog, which a published file must not depend on.
        name = node["function"]["function_name"]
        return name in _PURE_FUNCTIONS and _requalify(node["function"], catalog, known, reads)
    if node.get("type") == "SHOW_REF":
        return False  # It reads the catalog, too.
    if node.get("type") == "BASE_TABLE":
        reads.add(node["table_name"].lower())  # As SQL takes names, and as they are published.
        if node["schema_name"]:
            if node["catalog_name"] not in ("", catalog):
                return False
            if (node["schema_name"], node["table_name"]) not in known:
                return False
            # Not without a schema: it may stand in a common table expression of the same name.
            node["catalog_name"], node["schema_name"] = "", "main"
    return all(_requalify(item, catalog, known, reads) for item in node.values())
