"""The summary of an import adds up on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.sources.berka import import_berka
from orchestration.sources.berka.summary import ImportSummary
from tests.unit.sources.berka_bank import trans, write_bank


@pytest.fixture
def summary(tmp_path: Path) -> ImportSummary:
    """A bank with a card, a loan that ran out, and a day that left the balance as it was."""
    bank = write_bank(
        tmp_path / "bank",
        card=['5;1;"gold";931107 00:00:00'],
        loan=['4;1;930105;1200;12;100.00;"A"'],
        trans=[
            trans(1, "930101", "900.00", "900.00"),
            trans(2, "930105", "5.00", "905.00"),
            trans(3, "930105", "5.00", "900.00", type_="VYDAJ", operation="VYBER"),
            trans(4, "951231", "1.00", "901.00"),
        ],
    )
    return import_berka(bank, tmp_path / "home")


def line(summary: ImportSummary, beginning: str) -> str:
    """The one line that begins so."""
    (found,) = [line for line in summary.lines() if line.strip().startswith(beginning)]
    return found.strip()


def test_a_table_is_the_sum_of_what_it_comes_from(summary: ImportSummary) -> None:
    assert line(summary, "accounts:") == "accounts: 2 rows = 1 from account.asc + 1 from card.asc"
    assert line(summary, "loans:") == (
        "loans: 2 rows = 1 from loan.asc + 1 second versions, on the day the contract ran out"
    )
    assert line(summary, "customers:") == "customers: 1 rows, from client.asc"
    assert line(summary, "loan_performance:") == "loan_performance: 0 rows"


def test_no_row_is_without_an_origin(summary: ImportSummary) -> None:
    for table, rows in summary.tables.items():
        said = line(summary, f"{table}:")
        parts = [int(part) for part in re.findall(r"[=+] (\d+) ", said)]
        assert not parts or sum(parts) == rows, said
        assert "others" not in said


def test_days_that_left_a_balance_as_it_was_are_counted(summary: ImportSummary) -> None:
    assert summary.tables["account_balances"] == 2
    assert line(summary, "Closing").startswith(
        "Closing balances of 3 account-days with transactions, 1 of them as before and so not "
        "delivered"
    )
