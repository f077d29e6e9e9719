"""Folders outside the bank's time are named, and never built from."""

from datetime import date
from pathlib import Path

from orchestration.landing.contract import load_contract
from orchestration.landing.folder import list_landing


def test_a_folder_before_the_first_day_is_named_and_left_out(tmp_path: Path) -> None:
    for day in ("0204-01-02", "2023-12-31", "2024-01-01"):
        folder = tmp_path / "account_balances" / day
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("account_id,balance_on,closing_balance\n")
    listing = list_landing(tmp_path, load_contract(), date(2024, 1, 1), date(2024, 1, 31))
    found = [delivery.loaded_on for delivery in listing.deliveries["account_balances"]]
    assert found == [date(2024, 1, 1)]
    assert [stray.split(":")[0] for stray in listing.strays] == [
        "landing/account_balances/0204-01-02",
        "landing/account_balances/2023-12-31",
    ]


def test_links_in_circles_are_no_files(tmp_path: Path) -> None:
    folder = tmp_path / "account_balances" / "2024-01-01"
    folder.mkdir(parents=True)
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    listing = list_landing(tmp_path, load_contract(), date(2024, 1, 1), date(2024, 1, 31))
    assert listing.deliveries["account_balances"] == []
    assert len(listing.strays) == 1


def test_folders_that_are_links_in_circles_are_no_folders(tmp_path: Path) -> None:
    table = tmp_path / "account_balances"
    table.mkdir()
    (table / "2024-01-01").symlink_to(table / "2024-01-01")
    (tmp_path / "customers").symlink_to(tmp_path / "customers")
    listing = list_landing(tmp_path, load_contract(), date(2024, 1, 1), date(2024, 1, 31))
    assert not any(listing.deliveries.values())
    assert len(listing.strays) == 2
