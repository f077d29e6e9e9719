"""One toy warehouse for all tests of the room; each test works in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.settings import Settings, load_settings
from tests.integration.expectations.toy import FIRST, build_toy


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(home=tmp_path_factory.mktemp("home"), first_day=FIRST)


@pytest.fixture(scope="session")
def warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(build_toy(settings.home))) as con:
        yield con


@pytest.fixture
def con(warehouse: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The toy as dbt built it, whatever the tests before did."""
    warehouse.execute("begin")
    yield warehouse
    warehouse.execute("rollback")
