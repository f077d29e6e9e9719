"""A contract that changes under a home with rows: what raw follows, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orchestration.errors import TenureError
from orchestration.landing.contract import Column, Contract, TableContract
from tests.integration.landing.landing_home import LandingHome

TABLE = "account_balances"
COLUMNS = "select column_name from duckdb_columns() where schema_name = 'raw' order by column_index"
NOTE = Column(type="string", nullable=True, description="Note")
FILLED = NOTE.model_copy(update={"nullable": False})


@pytest.fixture
def home(tmp_path: Path) -> LandingHome:
    """A home with one row loaded."""
    home = LandingHome(tmp_path)
    home.balances("2025-01-02", "A,2025-01-01,1.00")
    home.load()
    return home


def _changed(home: LandingHome, columns: dict[str, Column], **others: Any) -> Contract:
    table = home.contract.tables[TABLE]
    fields = {name: getattr(table, name) for name in TableContract.model_fields}
    return Contract(tables={TABLE: TableContract(**fields | {"columns": columns} | others)})


def _columns(home: LandingHome) -> dict[str, Column]:
    return dict(home.contract.tables[TABLE].columns)


def test_a_new_column_that_may_be_empty_is_added(home: LandingHome) -> None:
    contract = _changed(home, {"note": NOTE, **_columns(home)})
    home.put("2025-01-03", "account_id,balance_on,closing_balance,note\nA,2025-01-01,1.00,x\n")
    home.load(contract=contract)
    found = home.rows(
        "select note, account_id, closing_balance::varchar, row_status, superseded_on::varchar, "
        f"file_id from raw.{TABLE} order by loaded_on"
    )
    assert found == [
        (None, "A", "1.00", "accepted", "2025-01-03", f"{TABLE}/2025-01-02/a.csv"),
        ("x", "A", "1.00", "accepted", None, f"{TABLE}/2025-01-03/a.csv"),
    ]
    assert home.rows(COLUMNS)[-1] == ("note",)
    assert home.load(contract=contract).first_changed is None


def test_the_order_of_columns_is_free(home: LandingHome) -> None:
    contract = _changed(home, dict(reversed(_columns(home).items())))
    home.balances("2025-01-03", "B,2025-01-01,2.00")
    home.load(contract=contract)
    assert [row[1:3] for row in home.fates()] == [("A", "1.00"), ("B", "2.00")]


@pytest.mark.parametrize(
    ("change", "others", "says"),
    [
        ({"note": FILLED}, {}, ["note is new and must not be empty"]),
        ({"closing_balance": None}, {}, ["closing_balance is not in the contract any more"]),
        (
            {"closing_balance": Column(type="rate", description="Balance")},
            {},
            ["closing_balance is decimal(18,2) and should be decimal(18,6)"],
        ),
        (
            {"account_id": None, "account_no": FILLED},
            {"key": ("account_no", "balance_on")},
            ["account_id is not in the contract any more", "account_no is new and must not be"],
        ),
    ],
    ids=["new and required", "removed", "retyped", "key renamed"],
)
def test_any_other_change_stops_the_load(
    home: LandingHome, change: dict[str, Column | None], others: dict[str, Any], says: list[str]
) -> None:
    before = home.rows(COLUMNS), home.fates(), home.ledger()
    merged = _columns(home) | change | {"extra": NOTE}
    columns = {name: column for name, column in merged.items() if column is not None}
    home.balances("2025-01-03", "B,2025-01-01,2.00")
    with pytest.raises(TenureError) as stopped:
        home.load(contract=_changed(home, columns, **others))
    for part in says:
        assert f"raw.{TABLE}.{part}" in str(stopped.value)
    assert "move the warehouse file away" in str(stopped.value)
    assert "extra" not in str(stopped.value)
    assert (home.rows(COLUMNS), home.fates(), home.ledger()) == before


def test_what_the_message_advises_works(home: LandingHome, tmp_path: Path) -> None:
    columns = _columns(home)
    columns["closing_balance"] = Column(type="rate", description="Balance")
    contract = _changed(home, columns)
    rebuilt = LandingHome(tmp_path)
    rebuilt.load(contract=contract)
    assert [row[2] for row in rebuilt.fates()] == ["1.000000"]
