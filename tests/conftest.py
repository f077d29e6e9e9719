"""What holds for all tests: no test sees the settings or the homes of who runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first: one that began last would leave the other cores waiting for it."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """Settings come from the test and the repository's tenure.toml alone."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("TENURE_", "DAGSTER_")):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_log_of_dbt() -> Iterator[None]:
    """Nobody reads dbt's file of statements here, and writing it takes a tenth of a run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_LEVEL_FILE", "none")
        yield


@pytest.fixture(autouse=True)
def no_settings_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running a home points Dagster and dbt at it through the environment: undone after a test."""
    for name in ("DAGSTER_HOME", "TENURE_HOME", "TENURE_WAREHOUSE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
