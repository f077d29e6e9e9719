"""What the project judges: its models with meta `judged`, and what stands in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Judgement:
    """A verdict of a model that is kept by month.

    `family` is an SQL expression: the name of the family, or the column that says it. `rank` and
    `assets` are columns, empty where verdicts have no order or nothing is measured.
    """

    table: str
    family: str
    verdict: str
    rank: str
    assets: str


def judgements(manifest: Mapping[str, Any]) -> list[Judgement]:
    """All verdicts of the project, in order of their tables."""
    return [found for node in _judged(manifest) for found in _of(node)]


def needed(manifest: Mapping[str, Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """Names of the marts that lead to verdicts, and (schema, table) of what those read."""
    nodes = manifest["nodes"]
    marts: set[str] = set()
    inputs: set[str] = set()
    waiting = [node["unique_id"] for node in _judged(manifest)]
    while waiting:
        name = waiting.pop()
        if name in marts or name in inputs:
            continue
        node = nodes[name]
        if node["schema"] != "marts":
            inputs.add(name)
            continue
        marts.add(name)
        waiting += [parent for parent in node["depends_on"]["nodes"] if parent in nodes]
    return (
        sorted(nodes[name]["name"] for name in marts),
        sorted((nodes[name]["schema"], nodes[name]["name"]) for name in inputs),
    )


def carried(manifest: Mapping[str, Any], marts: Collection[str]) -> list[str]:
    """Of these marts, those that are no verdicts and are kept by month.

    What they say of earlier months is read again by later ones: totals go on from it.
    """
    verdicts = {node["name"] for node in _judged(manifest)}
    return sorted(
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["name"] in marts
        and node["name"] not in verdicts
        and node["config"]["materialized"] == "suffix"
    )


def _judged(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for _, node in sorted(manifest["nodes"].items()):
        if node["resource_type"] == "model" and "judged" in node["config"]["meta"]:
            yield node


def _of(node: Mapping[str, Any]) -> Iterator[Judgement]:
    for verdict in node["config"]["meta"]["judged"]:
        yield Judgement(
            table=node["name"],
            family=verdict.get("family_column") or f"'{verdict['family']}'",
            verdict=verdict["verdict"],
            rank=verdict.get("rank", ""),
            assets=verdict.get("assets", ""),
        )
