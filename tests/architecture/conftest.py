"""The project, built once for all architecture tests, and its Spark variant, rendered once."""

from __future__ import annotations

import pytest

from tests.architecture.project import SOURCE, Project, create_bank, spark_variant


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Seeds, models and data tests, built and passed on a tiny bank."""
    folder = tmp_path_factory.mktemp("architecture")
    built = Project(SOURCE, folder / "target", folder / "warehouse.duckdb")
    create_bank(built.warehouse)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TENURE_WAREHOUSE", str(built.warehouse))
        patch.setenv("DO_NOT_TRACK", "1")
        outcome = built.dbt("build", "--exclude-resource-type=unit_test")
    failed = [
        f"{node.node.name}: {node.message}"
        for node in outcome.results
        if node.status not in ("success", "pass", "no-op")
    ]
    assert not failed, "\n".join(failed)
    return built


@pytest.fixture(scope="session")
def spark(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same models, compiled as dbt-spark would render them."""
    variant = spark_variant(project, tmp_path_factory.mktemp("spark"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TENURE_WAREHOUSE", str(variant.warehouse))
        variant.dbt("compile", "--select", "resource_type:model")
    return variant
