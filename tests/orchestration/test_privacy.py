"""Promise 10: what names a person stops at raw and the vault. Looked for as columns and as values,
in every table behind them and in every file that a home shows to others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.landing.contract import load_contract
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse
from tests.support.dagster_runs import Ran
from tests.support.home import Home
from tests.support.tiny_bank import DAYS, FIRST_DAY, LAST_DAY, TinyBank, day

pytestmark = pytest.mark.slow

PERSONAL_SCHEMAS = ("raw", "vault")
# The bank's own numbers of people and contracts also stop at staging.
NATURAL_KEYS = ("customer_id", "account_id", "loan_id")


@pytest.fixture(scope="module")
def bank() -> TinyBank:
    return TinyBank(seed=5, days=4, customers=3)


@pytest.fixture(scope="module")
def home(bank: TinyBank, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A bank that was also sent bad rows about persons."""
    home = Home(tmp_path_factory.mktemp("private"))
    home.land(bank.landing())
    secret = min(bank.personal)
    columns = ",".join(load_contract().tables["customers"].columns) + "\n"
    names = ",".join([secret] * 4)
    home.land(
        {
            # A row that is held back for another column than the personal ones.
            f"customers/{FIRST_DAY}/z.csv": columns
            + f"C9,{FIRST_DAY},person,{names},,,,,,,{FIRST_DAY},,,,\n",
            # A row shifted by one column: what names a person stands in the date of birth.
            f"customers/{day(2)}/z.csv": columns
            + f"C9,{day(2)},retail,,{names},,,,,,{FIRST_DAY},,,,\n",
        }
    )
    home.run(FIRST_DAY, day(3))
    return home


def catalogue(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """Every column of every table and view: schema, table, column."""
    yield from con.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where database_name = current_database() and not internal"
    ).fetchall()


def published(settings: Settings) -> Path:
    """The file that readers open."""
    return (settings.published_dir / "tenure.duckdb").resolve(strict=True)


def test_no_personal_column_behind_the_vault(home: Home) -> None:
    contract = load_contract()
    personal = {
        name
        for table in contract.tables.values()
        for name, column in table.columns.items()
        if column.pii
    } | set(NATURAL_KEYS)
    with open_warehouse(home.settings, read_only=True) as con:
        shown = [
            f"{schema}.{table}.{column}"
            for schema, table, column in catalogue(con)
            if schema not in PERSONAL_SCHEMAS and column in personal
        ]
    with duckdb.connect(str(published(home.settings)), read_only=True) as con:
        shown += [f"published {column}" for _, _, column in catalogue(con) if column in personal]
    assert shown == []


def values_found(con: duckdb.DuckDBPyConnection, wanted: set[str]) -> list[str]:
    """Places, outside of raw and vault, whose text contains one of the values."""
    pattern = "|".join(value.replace("+", r"\+") for value in sorted(wanted))
    found = []
    for schema, table in sorted({(schema, table) for schema, table, _ in catalogue(con)}):
        if schema not in PERSONAL_SCHEMAS:
            row = con.execute(
                f'select count(*) from "{schema}"."{table}" as t '
                "where regexp_matches(cast(t as varchar), ?)",
                [pattern],
            ).fetchone()
            if row and row[0]:
                found.append(f"{schema}.{table}")
    return found


def test_no_personal_value_behind_the_vault(home: Home, bank: TinyBank) -> None:
    with open_warehouse(home.settings, read_only=True) as con:
        row = con.execute("select count(*) from vault.customer_identity").fetchone()
        assert row is not None
        assert row[0] > 0, "the test looks for values that were loaded"
        assert values_found(con, bank.personal) == []
    with duckdb.connect(str(published(home.settings)), read_only=True) as con:
        assert values_found(con, bank.personal) == []


def test_no_personal_value_in_a_file_that_is_shown(home: Home, bank: TinyBank) -> None:
    hidden = {"landing", "warehouse.duckdb"}
    shown = [
        path
        for path in home.settings.home.rglob("*")
        if path.is_file() and path.relative_to(home.settings.home).parts[0] not in hidden
    ]
    assert {path.suffix for path in shown} >= {".html", ".duckdb", ".parquet", ".json"}
    leaks = [
        str(path)
        for path in shown
        for content in [path.read_bytes()]
        if any(value.encode() in content for value in bank.personal)
    ]
    assert leaks == []


def test_no_personal_value_in_what_dagster_shows(ran: Ran, bank_home: Home) -> None:
    assert ran.succeeded, ran.failures
    personal = TinyBank(seed=1, days=4, customers=3).personal
    told = [str(event) for event in ran.result.all_events]
    assert not [text for text in told if any(value in text for value in personal)]
    events = (bank_home.settings.home / "dagster").rglob("*.db")
    for path in events:
        content = path.read_bytes()
        assert not any(value.encode() in content for value in personal), path


@pytest.mark.slow
def test_a_whole_bank_keeps_its_secrets(tmp_path: Path) -> None:
    bank = TinyBank(seed=6)
    home = Home(tmp_path)
    home.land(bank.landing())
    home.run(FIRST_DAY, LAST_DAY)
    assert bank.days == DAYS
    with open_warehouse(home.settings, read_only=True) as con:
        assert values_found(con, bank.personal) == []
