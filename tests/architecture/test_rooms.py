"""Every room says what belongs in it, keeps its lines short, and leaves orchestration outside."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.project import MODELS, ROOT

ORCHESTRATION = ROOT / "orchestration"
# Rooms that run without Dagster and dbt: from a script, a notebook or a test.
PURE = (
    "cards",
    "credit",
    "forward",
    "landing",
    "policy",
    "publish",
    "sample_bank",
    "scoring",
    "sources",
    "value",
)
ORCHESTRATORS = {"dagster", "dagster_dbt", "dbt"}
MEDIAN_MODEL, LONGEST_MODEL = 80, 120


def modules(*roots: Path) -> list[Path]:
    """Python files under these folders."""
    return sorted(path for root in roots if root.exists() for path in root.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Top-level packages that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def label(path: Path) -> str:
    """A test id that reads like a path."""
    return str(path.relative_to(ROOT).with_suffix(""))


@pytest.mark.parametrize(
    "path",
    modules(*(ORCHESTRATION / room for room in PURE), ROOT / "expectations"),
    ids=label,
)
def test_pure_rooms_import_no_orchestrator(path: Path) -> None:
    assert not set(imported(path)) & ORCHESTRATORS


@pytest.mark.parametrize(
    "path",
    [path for path in modules(ORCHESTRATION, ROOT / "expectations") if path.stem == "__init__"],
    ids=lambda path: label(path.parent),
)
def test_packages_are_a_docstring_that_bounds_the_room(path: Path) -> None:
    tree = ast.parse(path.read_text())
    text = ast.get_docstring(tree) or ""
    assert "belong" in text.lower()
    assert "not belong" in text.lower()


def test_models_fit_a_screen() -> None:
    lengths = {path.stem: len(path.read_text().splitlines()) for path in MODELS}
    assert {name for name, lines in lengths.items() if lines > LONGEST_MODEL} == set()
    assert median(lengths.values()) <= MEDIAN_MODEL
