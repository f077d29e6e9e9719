"""The code tables of docs/berka.md are the ones that are used."""

from __future__ import annotations

from pathlib import Path

from orchestration.sources.berka.codes import (
    DAYS_PAST_DUE_IN_DEBT,
    K_SYMBOLS,
    OPERATIONS,
    TYPES,
    URBAN_FROM_PERCENT,
    Meaning,
)
from orchestration.sources.berka.tables import QUERIES

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "berka.md").read_text("utf-8")


def _documented(column: str) -> dict[str, Meaning]:
    lines = iter(DOCUMENT.splitlines())
    for line in lines:
        if line.startswith(f"| {column} |"):
            break
    next(lines)
    found = {}
    for line in lines:
        if not line.startswith("|"):
            break
        code, *meaning = [cell.strip() for cell in line.strip("|").split("|")][:4]
        kind, channel, rail = (None if cell == "-" else cell for cell in meaning)
        found["" if code == "(empty)" else code] = Meaning(kind, channel, rail)
    return found


def test_code_tables() -> None:
    assert _documented("operation") == OPERATIONS
    assert _documented("k_symbol") == K_SYMBOLS


def test_every_type_and_table_is_named() -> None:
    assert all(name in DOCUMENT for name in TYPES)
    assert all(f"`{table}`" in DOCUMENT for table in QUERIES)


def test_conventions_are_stated() -> None:
    assert f"share of {URBAN_FROM_PERCENT} %" in DOCUMENT
    assert f"**{DAYS_PAST_DUE_IN_DEBT} day past due**" in DOCUMENT
