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


def _with(home: LandingHome, **others: Any) -> Contract:
    return _changed(home, _columns(home), **others)


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


def test_another_key_stops_the_load(home: LandingHome) -> None:
    with pytest.raises(TenureError) as stopped:
        home.load(contract=_with(home, key=("account_id",)))
    assert (
        f"raw.{TABLE} was loaded by the key account_id, balance_on and should be by account_id"
        in str(stopped.value)
    )
    assert "move the warehouse file away" in str(stopped.value)
    assert home.load().first_changed is None


def test_the_order_of_a_key_is_free(home: LandingHome) -> None:
    assert home.load(contract=_with(home, key=("balance_on", "account_id"))).first_changed is None


def test_a_table_that_left_the_contract_stops_the_load(home: LandingHome) -> None:
    with pytest.raises(TenureError, match=f"raw.{TABLE} has rows or files and is not in the con"):
        home.load(contract=Contract(tables={}))
    assert [row[1] for row in home.fates()] == ["A"]


def _with_note(home: LandingHome, note: Column) -> Contract:
    return _changed(home, _columns(home) | {"note": note})


def test_a_column_that_must_be_filled_now_stops_the_load_if_it_was_not(home: LandingHome) -> None:
    home.load(contract=_with_note(home, NOTE))
    with pytest.raises(TenureError) as stopped:
        home.load(contract=_with_note(home, FILLED))
    place = f"raw.{TABLE}.note"
    assert f"{place} must be filled now and is empty in some rows" in str(stopped.value)
    assert home.load(contract=_with_note(home, NOTE)).first_changed is None


def test_a_column_that_always_was_filled_may_have_to_be(tmp_path: Path) -> None:
    home = LandingHome(tmp_path)
    contract = _with_note(home, NOTE)
    home.put("2025-01-02", "account_id,balance_on,closing_balance,note\nA,2025-01-01,1.00,x\n")
    home.load(contract=contract)
    strict = _with_note(home, FILLED)
    home.put("2025-01-03", "account_id,balance_on,closing_balance,note\nB,2025-01-01,1.00,\n")
    assert home.load(contract=strict).tables[TABLE].rows["quarantined"] == 1
    # Loosened again: true of every row that is loaded.
    assert home.load(contract=contract).first_changed is None
    home.put("2025-01-04", "account_id,balance_on,closing_balance,note\nC,2025-01-01,1.00,\n")
    assert home.load(contract=contract).tables[TABLE].rows["quarantined"] == 0


def test_a_table_without_deliveries_follows_any_change(tmp_path: Path) -> None:
    home = LandingHome(tmp_path)
    home.load()
    columns = {"note": FILLED, **_columns(home), "closing_balance": NOTE}
    contract = _changed(home, columns, key=("note", "balance_on"))
    home.put("2025-01-02", "account_id,balance_on,closing_balance,note\nA,2025-01-01,1.00,x\n")
    home.load(contract=contract)
    home.put("2025-01-03", "account_id,balance_on,closing_balance,note\nB,2025-01-01,2.00,x\n")
    home.load(contract=contract)
    assert [row[4] for row in home.fates()] == ["2025-01-03", None]


def test_an_empty_table_that_left_the_contract_is_left_alone(tmp_path: Path) -> None:
    home = LandingHome(tmp_path, (TABLE, "leads"))
    home.load()
    home.balances("2025-01-02", "A,2025-01-01,1.00")
    alone = Contract(tables={TABLE: home.contract.tables[TABLE]})
    assert home.load(contract=alone).tables[TABLE].rows["accepted"] == 1


def test_a_home_of_before_keys_were_recorded_goes_on(home: LandingHome) -> None:
    home.rows("drop table control.raw_contract")
    assert home.load().first_changed is None
    with pytest.raises(TenureError, match="was loaded by the key"):
        home.load(contract=_with(home, key=("account_id",)))


def test_what_the_message_advises_works(home: LandingHome, tmp_path: Path) -> None:
    columns = _columns(home)
    columns["closing_balance"] = Column(type="rate", description="Balance")
    contract = _changed(home, columns)
    rebuilt = LandingHome(tmp_path)
    rebuilt.load(contract=contract)
    assert [row[2] for row in rebuilt.fates()] == ["1.000000"]
