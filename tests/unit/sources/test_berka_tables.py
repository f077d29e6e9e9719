"""Every mapping rule of docs/berka.md, on banks of a few rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.sources.berka import ImportSummary, import_berka
from tests.unit.sources.berka_bank import TOWN, district, landed, trans, write_bank

LAST = trans(99, "981231", "1.00", "901.00")


def _import(tmp_path: Path, **files: list[str]) -> ImportSummary:
    return import_berka(write_bank(tmp_path / "bank", **files), tmp_path / "home")


def _differences(summary: ImportSummary, file: str) -> list[int]:
    [found] = [entry for entry in summary.files if entry.file == file]
    assert found.rows_in == found.rows_out + sum(diff.rows for diff in found.differences)
    return [diff.rows for diff in found.differences]


def test_birth_number(tmp_path: Path) -> None:
    expected = {
        "706213": ("1970-12-13", "female"),
        "705113": ("1970-01-13", "female"),
        "701213": ("1970-12-13", "male"),
        "110820": ("1911-08-20", "male"),
        "605229": ("1960-02-29", "female"),
        "086101": ("1908-11-01", "female"),
    }
    _import(
        tmp_path,
        client=[f'{n};"{birth}";1' for n, birth in enumerate(expected, 1)],
        disp=[f'{n};{n};1;"{"OWNER" if n == 1 else "DISPONENT"}"' for n in range(1, 7)],
    )
    customers = {row["customer_id"]: row for row in landed(tmp_path / "home", "customers")}
    found = [(customers[str(n)]["birth_date"], customers[str(n)]["gender"]) for n in range(1, 7)]
    assert found == list(expected.values())


@pytest.mark.parametrize(("urban", "area"), [("50.0", "urban"), ("49.9", "rural")])
def test_region_and_area_come_from_the_district_of_residence(
    tmp_path: Path, urban: str, area: str
) -> None:
    _import(tmp_path, district=[TOWN, district(2, "Hill, upper", "south", urban)],
            client=['1;"706213";2'])  # fmt: skip
    [customer] = landed(tmp_path / "home", "customers")
    assert (customer["region"], customer["area"]) == ("south / Hill, upper", area)
    assert customer["branch_id"] == "1", "the branch is the account's district"


def test_an_unknown_district_leaves_region_and_area_empty(tmp_path: Path) -> None:
    _import(tmp_path, client=['1;"706213";5'])
    [customer] = landed(tmp_path / "home", "customers")
    assert (customer["region"], customer["area"]) == ("", "")


def test_a_customer_begins_with_the_first_account(tmp_path: Path) -> None:
    _import(
        tmp_path,
        account=['2;7;"POPLATEK TYDNE";930301', '1;1;"POPLATEK MESICNE";930105'],
        client=['1;"706213";1', '2;"450204";1'],
        disp=['1;1;2;"OWNER"', '2;2;1;"OWNER"', '3;1;1;"DISPONENT"'],
    )
    customers = {row["customer_id"]: row for row in landed(tmp_path / "home", "customers")}
    first = customers["1"]
    assert first["opened_on"] == first["effective_on"] == first["loaded_on"] == "1993-01-05"
    assert (first["customer_type"], first["branch_id"]) == ("retail", "1")
    roles = landed(tmp_path / "home", "account_roles")
    assert {(r["account_id"], r["customer_id"], r["role"], r["loaded_on"]) for r in roles} == {
        ("2", "1", "owner", "1993-03-01"),
        ("1", "2", "owner", "1993-01-05"),
        ("1", "1", "authorised", "1993-01-05"),
    }
    accounts = {row["account_id"]: row for row in landed(tmp_path / "home", "accounts")}
    assert accounts["1"]["customer_id"] == "2"
    assert (accounts["2"]["product_id"], accounts["2"]["currency"]) == ("current", "CZK")
    assert accounts["2"]["branch_id"] == "7"


def test_what_cannot_be_connected_is_stated(tmp_path: Path) -> None:
    summary = _import(
        tmp_path,
        account=['1;1;"X";930101', '2;1;"X";930101'],
        client=['1;"706213";1', '2;"706213";1'],
        disp=['1;1;1;"OWNER"', '2;2;2;"DISPONENT"', '3;9;1;"DISPONENT"', '4;1;1;"DISPONENT"'],
        loan=['1;2;930105;1200;12;100.00;"A"'],
        card=['1;2;"gold";930105 00:00:00'],
        order=['1;1;"AB";"1";5.00;"SIPO"'],
        trans=[trans(1, "930101", "9.00", "9.00"), trans(2, "930101", "9.00", "9.00", account=2)],
    )
    assert _differences(summary, "account.asc") == [1]
    assert _differences(summary, "client.asc") == [1]
    assert _differences(summary, "disp.asc") == [3]
    assert _differences(summary, "loan.asc") == [1]
    assert _differences(summary, "card.asc") == [1]
    assert _differences(summary, "order.asc") == [1]
    assert _differences(summary, "district.asc") == [1]
    assert _differences(summary, "trans.asc") == [], "transactions are always delivered"
    assert summary.orphan_transactions == 1


def test_of_two_owners_the_first_disposition_counts(tmp_path: Path) -> None:
    _import(tmp_path, client=['1;"706213";1', '2;"706213";1'],
            disp=['8;1;1;"OWNER"', '7;2;1;"OWNER"'])  # fmt: skip
    assert [row["customer_id"] for row in landed(tmp_path / "home", "accounts")] == ["2"]


def test_products_are_there_on_the_first_day(tmp_path: Path) -> None:
    _import(tmp_path)
    products = landed(tmp_path / "home", "products")
    assert {(row["product_id"], row["product_class"]) for row in products} == {
        ("current", "demand"),
        ("card-junior", "card"),
        ("card-classic", "card"),
        ("card-gold", "card"),
    }
    assert {row["loaded_on"] for row in products} == {"1993-01-01"}
    assert {(row["asset_weight"], row["ftp_spread"]) for row in products} == {
        ("1.000000", "0.000000")
    }


def test_a_card_is_an_account_of_its_holder(tmp_path: Path) -> None:
    _import(tmp_path, card=['5;1;"gold";931107 00:00:00'], trans=[LAST])
    card = landed(tmp_path / "home", "accounts")[-1]
    assert (card["account_id"], card["product_id"], card["customer_id"]) == (
        "card-5", "card-gold", "1",
    )  # fmt: skip
    assert card["opened_on"] == card["loaded_on"] == "1993-11-07"
    assert len(landed(tmp_path / "home", "account_roles")) == 1, "roles stay the dispositions"


@pytest.mark.parametrize(
    ("granted", "status", "versions"),
    [
        ("971231", "A", [("1997-12-31", "running"), ("1998-12-31", "repaid")]),
        ("971231", "B", [("1997-12-31", "running"), ("1998-12-31", "written_off")]),
        ("980101", "A", [("1998-01-01", "running")]),
        ("971231", "C", [("1997-12-31", "running")]),
        ("971231", "D", [("1997-12-31", "running")]),
    ],
)
def test_a_loans_end_is_known_at_its_end(
    tmp_path: Path, granted: str, status: str, versions: list[tuple[str, str]]
) -> None:
    _import(tmp_path, loan=[f'4;1;{granted};1200;12;100.00;"{status}"'], trans=[LAST])
    loans = landed(tmp_path / "home", "loans")
    assert [(row["loaded_on"], row["status"]) for row in loans] == versions
    assert all(row["effective_on"] == row["loaded_on"] for row in loans)
    assert {(row["amount"], row["term_months"], row["instalment"], row["customer_id"])
            for row in loans} == {("1200.00", "12", "100.00", "1")}  # fmt: skip


@pytest.mark.parametrize(
    ("last", "granted", "status", "rows"),
    [
        ("981231", "980615", "D", [("1998-12-31", "1", "600.00", "true")]),
        ("981231", "980615", "C", [("1998-12-31", "0", "600.00", "false")]),
        ("981230", "980615", "D", [("1998-11-30", "1", "700.00", "true")]),
        ("981230", "981215", "D", []),
        ("981231", "980615", "A", []),
        ("981231", "980615", "B", []),
    ],
)
def test_running_loans_are_judged_on_the_last_day(
    tmp_path: Path, last: str, granted: str, status: str, rows: list[tuple[str, ...]]
) -> None:
    _import(
        tmp_path,
        loan=[f'4;1;{granted};1200;12;100.00;"{status}"'],
        trans=[trans(1, last, "1.00", "1.00")],
    )
    found = landed(tmp_path / "home", "loan_performance")
    names = ("month_end", "days_past_due", "outstanding", "in_default")
    assert [tuple(row[name] for name in names) for row in found] == rows
    assert all(row["loaded_on"] == f"1998-12-{last[4:]}" for row in found)


# type, operation, k_symbol, bank; amount, kind, channel, rail
CODES = [
    ("PRIJEM", "VKLAD", "", "", ("5.00", "cash", "counter", "own")),
    ("VYDAJ", "VYBER", "", "", ("-5.00", "cash", "counter", "own")),
    ("VYBER", "VYBER", "", "", ("-5.00", "cash", "counter", "own")),
    ("VYDAJ", "VYBER KARTOU", "", "", ("-5.00", "cash", "atm", "")),
    ("PRIJEM", "PREVOD Z UCTU", "", "AB", ("5.00", "transfer", "system", "third_party")),
    ("PRIJEM", "PREVOD Z UCTU", "DUCHOD", "AB", ("5.00", "pension", "system", "third_party")),
    ("VYDAJ", "PREVOD NA UCET", " ", "AB", ("-5.00", "transfer", "system", "third_party")),
    ("VYDAJ", "PREVOD NA UCET", "SIPO", "AB", ("-5.00", "bill", "system", "third_party")),
    ("VYDAJ", "PREVOD NA UCET", "UVER", "", ("-5.00", "repayment", "system", "")),
    ("VYDAJ", "PREVOD NA UCET", "POJISTNE", "AB",
     ("-5.00", "insurance", "system", "third_party")),
    ("VYDAJ", "VYBER", "SIPO", "", ("-5.00", "bill", "counter", "own")),
    ("VYDAJ", "VYBER", "POJISTNE", "", ("-5.00", "insurance", "counter", "own")),
    ("PRIJEM", "", "UROK", "", ("5.00", "interest", "system", "own")),
    ("VYDAJ", "VYBER", "SANKC. UROK", "", ("-5.00", "interest", "system", "own")),
    ("VYDAJ", "VYBER", "SLUZBY", "", ("-5.00", "fee", "system", "own")),
    ("PRIJEM", "", "", "", ("5.00", "other", "system", "own")),
]  # fmt: skip


def test_codes_of_a_transaction(tmp_path: Path) -> None:
    rows = [
        trans(n, "930102", "5.00", "9.00", type_, operation, k_symbol, bank)
        for n, (type_, operation, k_symbol, bank, _) in enumerate(CODES)
    ]
    _import(tmp_path, trans=rows)
    found = {row["transaction_id"]: row for row in landed(tmp_path / "home", "transactions")}
    for number, (*given, expected) in enumerate(CODES):
        row = found[str(number)]
        assert tuple(row[n] for n in ("amount", "kind", "channel", "rail")) == expected, given
        assert row["counterparty_bank"] == given[3]
        assert row["booked_on"] == row["loaded_on"] == "1993-01-02"
        assert row["account_id"] == "1"


def test_a_balance_is_delivered_when_it_changed(tmp_path: Path) -> None:
    days = [("930101", "5.00", "5.00"), ("930102", "0.00", "5.00"), ("930105", "2.00", "7.00")]
    rows = [trans(n, *day) for n, day in enumerate(days)]
    _import(tmp_path, trans=rows)
    balances = landed(tmp_path / "home", "account_balances")
    assert [(row["loaded_on"], row["balance_on"], row["closing_balance"]) for row in balances] == [
        ("1993-01-01", "1993-01-01", "5.00"),
        ("1993-01-05", "1993-01-05", "7.00"),
    ]
