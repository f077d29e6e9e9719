"""Deliveries appear whole, again the same, and follow their source when it changes."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from orchestration.settings import load_settings
from orchestration.sources.berka import BerkaError, import_berka
from orchestration.sources.berka import delivery as delivery_module
from tests.unit.sources.berka_bank import landed, trans, write_bank

TWO_DAYS = [trans(1, "930101", "9.00", "9.00"), trans(2, "930102", "1.00", "10.00")]


def _content(home: Path) -> dict[str, tuple[bytes, int]]:
    files = [path for path in sorted(home.rglob("*")) if path.is_file()]
    return {
        str(path.relative_to(home)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files
    }


def test_a_second_import_touches_nothing(tmp_path: Path) -> None:
    folder, home = write_bank(tmp_path / "bank", trans=TWO_DAYS), tmp_path / "home"
    first = import_berka(folder, home)
    before = _content(home)
    second = import_berka(folder, home)
    assert _content(home) == before
    assert (second.files_written, second.files_unchanged) == (0, first.files_written)


def test_two_homes_get_the_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    import_berka(write_bank(tmp_path / "a", trans=TWO_DAYS), tmp_path / "one")
    import_berka(write_bank(tmp_path / "b", trans=TWO_DAYS[::-1]), tmp_path / "two")
    one, two = _content(tmp_path / "one"), _content(tmp_path / "two")
    assert {name: content for name, (content, _) in one.items()} == {
        name: content for name, (content, _) in two.items()
    }


def test_a_kill_while_preparing_leaves_nothing_to_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, home = write_bank(tmp_path / "bank", trans=TWO_DAYS), tmp_path / "home"

    def killed(self: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(delivery_module.Delivery, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            import_berka(folder, home)
    assert all(path.name.startswith(".") for path in home.rglob("*") if path.is_file())
    import_berka(folder, home)
    assert len(landed(home, "transactions")) == 2
    assert not list(home.rglob(".berka*")), "what the killed import left is gone"


def test_a_kill_while_publishing_leaves_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, home = write_bank(tmp_path / "bank", trans=TWO_DAYS), tmp_path / "home"
    import_berka(folder, tmp_path / "whole")
    replaced: list[Path] = []

    def killed_after_three(source: Path, target: Path) -> None:
        if len(replaced) == 3:
            raise KeyboardInterrupt
        replaced.append(target)
        source.rename(target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed_after_three)
        with pytest.raises(KeyboardInterrupt):
            import_berka(folder, home)
    for path in replaced:
        twin = tmp_path / "whole" / path.relative_to(home)
        assert path.read_bytes() == twin.read_bytes()
    import_berka(folder, home)
    assert landed(home, "transactions") == landed(tmp_path / "whole", "transactions")


def test_days_that_lost_their_rows_are_emptied_not_removed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    import_berka(write_bank(tmp_path / "bank", trans=TWO_DAYS), home)
    summary = import_berka(write_bank(tmp_path / "bank", trans=TWO_DAYS[:1]), home)
    emptied = home / "landing" / "transactions" / "1993-01-02" / "berka.csv"
    assert emptied.read_text().splitlines() == [
        "transaction_id,account_id,booked_on,amount,kind,channel,rail,counterparty_bank"
    ]
    assert summary.files_emptied == 2, "its balance as well"
    again = import_berka(tmp_path / "bank", home)
    assert (again.files_written, again.files_emptied) == (0, 0)


def test_other_deliveries_are_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    other = home / "landing" / "transactions" / "1993-01-01" / "bank.csv"
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    with pytest.raises(BerkaError, match="deliveries of another bank"):
        import_berka(write_bank(tmp_path / "bank"), home)
    assert other.read_text() == "mine"
    assert not list(home.glob("landing/*/*/berka.csv"))


def test_the_homes_calendar_is_the_banks(tmp_path: Path) -> None:
    home = tmp_path / "home"
    import_berka(write_bank(tmp_path / "bank"), home)
    assert tomllib.loads((home / "tenure.toml").read_text()) == {
        "first_day": "1993-01-01",
        "business_time_zone": "Europe/Prague",
        "weekend": [],
    }
    settings = load_settings(home=home)
    assert (str(settings.first_day), settings.weekend) == ("1993-01-01", ())


def test_settings_that_exist_are_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "tenure.toml").write_text('first_day = "1995-01-01"\n')
    import_berka(write_bank(tmp_path / "bank"), home)
    assert (home / "tenure.toml").read_text() == 'first_day = "1995-01-01"\n'


def test_progress_names_every_file_and_table(tmp_path: Path) -> None:
    said: list[str] = []
    summary = import_berka(write_bank(tmp_path / "bank"), tmp_path / "home", said.append)
    for name in [*(file.file for file in summary.files), *summary.tables]:
        assert any(name in message for message in said)
