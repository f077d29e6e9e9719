"""What is published: the models that the dbt manifest marks with ``meta: {published: true}``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.publish.versions import PublishError

# Written by the publisher into every version; a model cannot have these names.
RESERVED = frozenset({"published_version", "published_tables"})
# A table's name is also the name of its Parquet folder.
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class PublishedTable:
    """One mart to publish. With a month column its closed months are carried over unread."""

    name: str
    schema: str = "marts"
    month_column: str | None = None
    is_view: bool = False
    description: str = ""
    column_descriptions: tuple[tuple[str, str], ...] = ()


def published_tables(manifest: Mapping[str, Any]) -> list[PublishedTable]:
    """The manifest's published models, by name."""
    nodes = manifest["nodes"].values()
    found = [_table(node) for node in nodes if _is_published(node)]
    return sorted(found, key=lambda table: table.name)


def check_names(tables: Sequence[PublishedTable]) -> None:
    """Refuse names that cannot stand side by side in one schema and one folder."""
    if not tables:
        raise PublishError(
            "nothing to publish: no model has meta {published: true}; mark one and parse again"
        )
    for name, times in Counter(table.name for table in tables).items():
        if times > 1:
            raise PublishError(f"two published models are called {name!r}; give one an alias")
        if name in RESERVED or not _NAME.fullmatch(name):
            raise PublishError(
                f"{name!r} cannot be published under that name: use lower-case letters, digits "
                f"and _, and neither of {', '.join(sorted(RESERVED))}"
            )


def _meta(node: Mapping[str, Any]) -> dict[str, Any]:
    """dbt keeps meta under config since 1.10 and on the node before; config wins."""
    return {**(node.get("meta") or {}), **(node.get("config", {}).get("meta") or {})}


def _is_published(node: Mapping[str, Any]) -> bool:
    if node.get("resource_type") != "model" or _meta(node).get("published") is not True:
        return False
    return bool(node.get("config", {}).get("enabled", True))


def _table(node: Mapping[str, Any]) -> PublishedTable:
    columns = node.get("columns") or {}
    described = (
        (name, (column.get("description") or "").strip()) for name, column in columns.items()
    )
    return PublishedTable(
        name=node.get("alias") or node["name"],
        schema=node["schema"],
        month_column=_meta(node).get("month_column"),
        is_view=node.get("config", {}).get("materialized") == "view",
        description=(node.get("description") or "").strip(),
        column_descriptions=tuple(pair for pair in described if pair[1]),
    )
