"""docs/layers.md lists the tables that models build."""

from __future__ import annotations

from tests.unit.docs.pages import ROOT, names, page, section, table

MODELS = ROOT / "dbt_project" / "models"


def documented(schema: str) -> set[str]:
    """Tables of a schema in the page's list."""
    _, rows = table(section(page("docs/layers.md"), "Tables"))
    found = {name for first, *_ in rows for name in names(first)}
    return {name.partition(".")[2] for name in found if name.startswith(f"{schema}.")}


def built(folder: str) -> set[str]:
    """Models of a folder."""
    return {path.stem for path in (MODELS / folder).rglob("*.sql")}


def test_facts_are_those_built() -> None:
    assert documented("facts") == built("intermediate")


def test_marts_are_those_published() -> None:
    assert documented("marts") == {name for name in built("marts") if not name.startswith("int_")}


def test_the_vault_is_the_identities() -> None:
    assert documented("vault") == {n for n in built("staging") if not n.startswith("stg_")}
