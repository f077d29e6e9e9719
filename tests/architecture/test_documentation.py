"""Every model and column is described where it stands, and what is published keeps a contract."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.architecture.project import MODELS, NAMES, SOURCE, Project

MARTS_THAT_HELP = "int_"


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_those_built_and_all_described(project: Project, name: str) -> None:
    described = project.models[name]["columns"]
    assert list(described) == list(project.columns[name])
    assert [column for column, text in described.items() if not text["description"].strip()] == []


@pytest.mark.parametrize("name", NAMES)
def test_description_starts_with_the_grain(project: Project, name: str) -> None:
    assert re.match(r"One row per \w", project.models[name]["description"])


@pytest.mark.parametrize("path", MODELS, ids=NAMES)
def test_yaml_stands_beside_the_model(path: Any) -> None:
    beside = yaml.safe_load(path.with_suffix(".yml").read_text())
    assert [model["name"] for model in beside["models"]] == [path.stem]


def published(project: Project) -> dict[str, dict[str, Any]]:
    """Models that leave the warehouse."""
    return {
        name: node
        for name, node in project.models.items()
        if node["config"]["meta"].get("published")
    }


def test_marts_are_published_or_only_help(project: Project) -> None:
    marts = {
        name for name, node in project.models.items() if node["schema"] in ("marts", "forward")
    }
    helpers = {name for name in marts if name.startswith(MARTS_THAT_HELP)}
    assert set(published(project)) == marts - helpers


def test_published_marts_keep_a_contract_of_what_is_built(project: Project) -> None:
    for name, node in published(project).items():
        assert node["config"]["contract"]["enforced"], name
        assert node["access"] == "public", name
        agreed = {column: text["data_type"] for column, text in node["columns"].items()}
        assert agreed == project.columns[name], name


def test_published_marts_have_an_owner_and_a_use(project: Project) -> None:
    exposures = project.manifest["exposures"].values()
    used = {node for exposure in exposures for node in exposure["depends_on"]["nodes"]}
    assert all(exposure["owner"]["email"] for exposure in exposures)
    for name, node in published(project).items():
        assert node["config"]["meta"]["owner"], name
        assert node["unique_id"] in used, name


def test_month_grained_marts_name_their_month(project: Project) -> None:
    """Publishing copies closed months once: it must know which tables are kept by month."""
    for name, node in published(project).items():
        by_month = node["config"].get("suffix_column") == "month"
        assert node["config"]["meta"].get("month_column") == ("month" if by_month else None), name


def test_no_data_test_was_dropped_by_a_collision_of_names(project: Project) -> None:
    """dbt keeps one of two generic tests with one name, without a word."""
    declared = []
    for path in (SOURCE / "models").rglob("*.yml"):
        content = yaml.safe_load(path.read_text())
        for model in content.get("models", ()):
            declared += model.get("data_tests", [])
            declared += [
                test for column in model["columns"] for test in column.get("data_tests", [])
            ]
    names = [test["name"] for entry in declared for test in entry.values()]
    singular = [path.stem for path in (SOURCE / "tests").rglob("*.sql")]
    nodes = project.manifest["nodes"].values()
    kept = [node["name"] for node in nodes if node["resource_type"] == "test"]
    assert sorted(names + singular) == sorted(kept)
    assert len(set(kept)) == len(kept)
