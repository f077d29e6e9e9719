"""The contract's model: what it accepts, and that its mistakes name their file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.landing.contract import MONEY_LIMIT, ContractError, load_contract
from orchestration.landing.contract_docs import PAGE, contract_page

GOOD = """
grain: one row per thing
key: [thing_id]
happened: seen_on
columns:
  thing_id: {type: string, description: Number}
  seen_on: {type: date, min: "2000-01-01", description: Day}
  amount: {type: money, nullable: true, min: 0, max: 12.5, description: Amount}
"""


def _load(folder: Path, text: str) -> None:
    (folder / "things.yml").write_text(text, encoding="utf-8")
    load_contract(folder)


def test_the_banks_contract_loads_with_all_its_tables() -> None:
    contract = load_contract()
    assert len(contract.tables) == 23
    assert contract.tables["transactions"].raw_columns["amount"] == "decimal(18,2)"
    assert contract.tables["customers"].has_personal_data
    assert list(contract.tables["leads"].raw_columns)[-5:] == [
        "loaded_on",
        "file_id",
        "line_no",
        "row_status",
        "superseded_on",
    ]


def test_bounds_have_the_type_of_their_column(tmp_path: Path) -> None:
    _load(tmp_path, GOOD)
    columns = load_contract(tmp_path).tables["things"].columns
    assert columns["seen_on"].min == date(2000, 1, 1)
    assert columns["amount"].max == Decimal("12.5")


def test_amounts_have_a_largest_one_that_the_file_may_raise(tmp_path: Path) -> None:
    _load(tmp_path, GOOD.replace("max: 12.5", "limit: 1000000000000000"))
    columns = load_contract(tmp_path).tables["things"].columns
    assert columns["amount"].largest == Decimal(10**15)
    assert columns["thing_id"].largest is None
    assert load_contract().tables["transactions"].columns["amount"].largest == MONEY_LIMIT
    page = contract_page(load_contract(tmp_path))
    assert "at most 1,000,000,000,000,000 either way" in page


def test_negative_bounds_are_numbers() -> None:
    assert load_contract().tables["products"].columns["ftp_spread"].min == Decimal(-1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[thing_id]", "[other]", "'other' is named but not described"),
        ("[thing_id]", "[]", "needs a key"),
        ("[thing_id]", "[amount]", "must not be nullable"),
        ("happened: seen_on", "happened: thing_id", "compared as a date"),
        ("type: money", "type: float", "columns.amount.type"),
        ("type: money", "type: string", "min and max do not apply"),
        ("min: 0", "min: '2000-01-01'", "does not fit the type money"),
        ("max: 12.5", "limit: 0", "largest amount of a money column"),
        ("type: date", "type: date, limit: 5", "largest amount of a money column"),
        ("max: 12.5", "codes: [a]", "codes, pattern and max_length are for strings"),
        ("max: 12.5", "maximum: 12.5", "maximum"),
        ("  amount:", "  Amount:", "cannot be a column name"),
        ("  amount:", "  loaded_on:", "cannot be a column name"),
        ("max: 12.5", "references: nowhere", "'nowhere', which has no contract file"),
        ("grain: one row per thing", "grain: [", "not readable as YAML"),
        (GOOD, "[]", "not a mapping"),
        (GOOD, "name: x", "multiple values"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(ContractError, match=says) as error:
        _load(tmp_path, GOOD.replace(old, new))
    assert str(tmp_path / "things.yml") in str(error.value)


def test_an_empty_folder_is_no_contract(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no contract files"):
        load_contract(tmp_path)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == contract_page(load_contract()), (
        "run: python -m orchestration.landing.contract_docs"
    )
