"""Two small banks, built once: a spotless one and a messy one, and their rows in an engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.landing.contract import load_contract
from orchestration.sample_bank import Summary, Volumes, generate

START = date(2024, 1, 1)
FILE_COLUMNS = """
    regexp_extract(filename, '/([0-9-]{10})/', 1)::date as loaded_on,
    regexp_extract(filename, '[^/]+$') as file_name,
"""


def read_typed(folder: Path) -> duckdb.DuckDBPyConnection:
    """Every delivered row of a bank without defects, typed."""
    connection = duckdb.connect()
    for name, table in load_contract().tables.items():
        columns = ", ".join(f"'{c}': '{s.duckdb_type}'" for c, s in table.columns.items())
        connection.execute(
            f"""
            create table good_{name} as
            select * exclude (filename), {FILE_COLUMNS}
            from read_csv('{folder}/landing/{name}/*/*.csv', auto_detect = false, header = true,
                quote = '"', filename = true, columns = {{{columns}}})
            """
        )
    return connection


@pytest.fixture(scope="session")
def messy_arguments() -> dict[str, Any]:
    """Arguments of the messy bank."""
    return {
        "customers": 300,
        "start": START,
        "months": 3,
        "seed": 5,
        "late_share": 0.1,
        "defect_share": 0.04,
        "refused_files": 2,
        # Small days would otherwise be spared and some kinds never planted.
        "volumes": Volumes(defect_day_cap=0.5, duplicate_factor=1.0, correction_factor=1.0),
    }


def read_text(folder: Path) -> duckdb.DuckDBPyConnection:
    """Every delivered line as text: one table each of `line_no`, contract columns, file, day.

    Lines with too few or too many values are left out; `line_no` is 1 for the header.
    """
    connection = duckdb.connect()
    for name, table in load_contract().tables.items():
        columns = ", ".join(f"v[{i}] as {c}" for i, c in enumerate(table.columns, 1))
        connection.execute(
            f"""
            create table {name} as
            with files as (
                select *, {FILE_COLUMNS}
                from read_text('{folder}/landing/{name}/*/*.csv')
                where not ends_with(filename, '_9.csv')
            ),
            lines as (
                select loaded_on, file_name,
                    unnest(string_split(rtrim(content, chr(10)), chr(10))) as line,
                    generate_subscripts(string_split(rtrim(content, chr(10)), chr(10)), 1)
                        as line_no,
                from files
            ),
            cut as (
                select loaded_on, file_name, line_no, list_transform(
                    regexp_extract_all(line || ',', '("(?:[^"]|"")*"|[^,]*),', 1),
                    lambda x: nullif(replace(trim(x, '"'), '""', '"'), '')) as v
                from lines where line_no > 1
            )

            select loaded_on, file_name, line_no, {columns}
            from cut where len(v) = {len(table.columns)}
            """
        )
        typed = ", ".join(f"{c}::{s.duckdb_type} as {c}" for c, s in table.columns.items())
        connection.execute(
            f"""
            create table good_{name} as
            select loaded_on, file_name, line_no, {typed} from {name}
            where (loaded_on, file_name, line_no) not in (
                select (loaded_on, file_name, line_no) from '{folder}/truth/defects.parquet'
                where table_name = '{name}')
            """
        )
    return connection


@pytest.fixture(scope="session")
def spotless(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """2,000 customers, six months, nothing wrong."""
    return generate(tmp_path_factory.mktemp("spotless"), 2000, START, 6, 1)


@pytest.fixture(scope="session")
def spotless_rows(spotless: Summary) -> duckdb.DuckDBPyConnection:
    """The spotless bank's rows."""
    return read_typed(spotless.landing.parent)


@pytest.fixture(scope="session")
def messy(tmp_path_factory: pytest.TempPathFactory, messy_arguments: dict[str, Any]) -> Summary:
    """A bank with late rows, defects, re-sends and refused files."""
    return generate(tmp_path_factory.mktemp("messy"), **messy_arguments)


@pytest.fixture(scope="session")
def messy_rows(messy: Summary) -> duckdb.DuckDBPyConnection:
    """The messy bank's rows."""
    return read_text(messy.landing.parent)
