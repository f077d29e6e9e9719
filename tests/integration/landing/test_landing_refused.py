"""A refused file that goes is forgotten; what takes its place opens the raw gate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expectations.gate import passed, run_gate
from orchestration.landing.contract import load_contract
from orchestration.landing.ledger import create_control_schema
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.state import Mark, Window, first_changed_since, raw_version
from tests.integration.landing.landing_home import BALANCES, FAR, LandingHome
from tests.property.landing.killed import KilledError, MortalConnection

DAMAGED = "balance;account\nA;1.00\n"
ROW = "A,2025-01-01,1.00"
DAY = date(2025, 1, 6)


@pytest.fixture
def home(tmp_path: Path) -> LandingHome:
    return LandingHome(tmp_path)


def _gate_opens(home: LandingHome) -> bool:
    create_raw_tables(home.con, load_contract())
    window = Window(DAY, date(2025, 1, 7))
    return passed(run_gate(home.con, "raw", window, home.settings))


@pytest.mark.slow
def test_a_mended_file_under_another_name_opens_the_gate(home: LandingHome) -> None:
    refused = home.put(str(DAY), DAMAGED)
    home.load()
    assert not _gate_opens(home)
    seen = Mark(raw_version(home.con, DAY), DAY, "")
    refused.unlink()
    home.balances(str(DAY), ROW, name="mended.csv")
    report = home.load()
    assert report.withdrawn == [f"account_balances/{DAY}/a.csv"]
    assert report.first_changed == first_changed_since(home.con, seen) == DAY
    assert home.ledger() == {f"{DAY}/mended.csv": ("loaded", 1, 1, 0, 0, 0)}
    assert _gate_opens(home)


def test_a_refused_file_set_aside_is_forgotten(home: LandingHome) -> None:
    refused = home.put(str(DAY), DAMAGED)
    home.balances(str(DAY), ROW, name="b.csv")
    home.load()
    refused.rename(refused.with_name("_a.csv"))
    report = home.load()
    assert (report.files, report.refused, report.first_changed) == (0, [], DAY)
    assert list(home.ledger()) == [f"{DAY}/b.csv"]
    assert raw_version(home.con, DAY) > 1
    assert home.load().first_changed is None


def test_rows_that_a_refused_file_replaced_are_missed_until_it_comes_whole(
    home: LandingHome,
) -> None:
    path = home.balances(str(DAY), ROW)
    home.load()
    built = Mark(raw_version(home.con, DAY), DAY, "")
    home.put(str(DAY), DAMAGED)
    [refused] = home.load().refused
    assert "the 1 row(s) loaded of it before are gone" in refused.reason
    assert first_changed_since(home.con, built) == DAY
    home.put(str(DAY), DAMAGED + "x")
    assert "the 1 row(s)" in home.load().refused[0].reason, "also after a second one"
    path.unlink()
    assert home.load().withdrawn == []
    assert home.ledger()[f"{DAY}/a.csv"][0] == "refused"
    assert not _gate_opens(home), "what was loaded once does not vanish without a word"
    home.balances(str(DAY))
    home.load()
    assert home.ledger()[f"{DAY}/a.csv"][0] == "loaded"
    assert _gate_opens(home)


def test_a_refused_file_beyond_the_day_is_not_looked_for(home: LandingHome) -> None:
    path = home.put(str(DAY), DAMAGED)
    home.load()
    path.unlink()
    assert home.load(date(2025, 1, 5)).withdrawn == []
    assert home.ledger()[f"{DAY}/a.csv"][0] == "refused"
    assert home.load(DAY).withdrawn != []


def test_a_refused_file_that_comes_back_is_judged_again(home: LandingHome) -> None:
    path = home.put(str(DAY), DAMAGED)
    home.load()
    path.unlink()
    home.load()
    home.put(str(DAY), DAMAGED)
    assert home.pending() == [f"account_balances/{DAY}/a.csv"]
    assert len(home.load().refused) == 1


def test_loaded_and_identical_files_that_go_are_kept(home: LandingHome) -> None:
    first = home.balances(str(DAY), ROW)
    second = home.balances(str(DAY), ROW, name="b.csv")
    home.load()
    before = home.ledger()
    first.unlink()
    second.unlink()
    assert home.load().withdrawn == []
    assert home.ledger() == before


def test_a_kill_while_forgetting_forgets_all_or_nothing(home: LandingHome) -> None:
    create_control_schema(home.con)
    for name in ("a.csv", "b.csv"):
        home.put(str(DAY), BALANCES + "A", name)
    home.load()
    assert len(home.ledger()) == 2
    for name in ("a.csv", "b.csv"):
        (home.settings.landing_dir / "account_balances" / str(DAY) / name).unlink()
    whole = home.con
    for statements in range(20):
        home.con = MortalConnection(whole, statements)  # type: ignore[assignment]
        try:
            home.load()
        except KilledError:
            version = raw_version(whole, DAY)
        else:
            break
        finally:
            home.con = whole
        assert (len(home.ledger()), version) in [(2, 1), (0, 2)]
    assert home.load(FAR).first_changed is None
    assert (home.ledger(), raw_version(home.con, DAY)) == ({}, 2)
