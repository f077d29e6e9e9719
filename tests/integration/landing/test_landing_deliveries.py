"""How files come and go: repeats, replacements, disappearances, strays, and what pending sees."""

from __future__ import annotations

import gzip
import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import TenureError
from orchestration.landing import batch, load
from orchestration.landing.contract import Contract, load_contract
from orchestration.landing.folder import Delivery
from orchestration.landing.ledger import Entry
from orchestration.landing.load import pending
from tests.integration.landing.corpus_parquet import many_balances
from tests.integration.landing.landing_home import BALANCES, FAR, LandingHome

OLD, NEW = "A,2025-01-01,1.00", "A,2025-01-01,2.00"


@pytest.fixture
def home(tmp_path: Path) -> LandingHome:
    return LandingHome(tmp_path)


def test_nothing_to_load_gives_empty_tables(tmp_path: Path) -> None:
    home = LandingHome(tmp_path)
    report = home.load(contract=load_contract())
    assert (report.first_changed, report.files, report.strays) == (None, 0, [])
    tables = home.rows("select table_name from duckdb_tables() where schema_name = 'raw'")
    assert {name for (name,) in tables} == set(load_contract().tables)


def test_raw_columns_have_the_contracts_types(home: LandingHome) -> None:
    home.load()
    assert home.rows(
        "select column_name, lower(data_type) from duckdb_columns() "
        "where schema_name = 'raw' order by column_index"
    ) == list(home.contract.tables["account_balances"].raw_columns.items())


def test_the_last_delivery_of_a_day_counts(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD, NEW, OLD, "B,2025-01-01,1.00", NEW)
    home.load()
    assert [row[3] for row in home.fates()] == [
        "superseded",
        "duplicate",
        "superseded",
        "accepted",
        "accepted",
    ]
    assert home.ledger() == {"2025-01-02/a.csv": ("loaded", 5, 2, 1, 2, 0)}


def test_file_names_decide_the_order_within_a_day(home: LandingHome) -> None:
    home.balances("2025-01-02", NEW, name="b.csv")
    home.load()
    home.balances("2025-01-02", OLD, name="a.csv")
    home.load()
    assert home.rows(
        "select closing_balance::varchar, row_status from raw.account_balances order by file_id"
    ) == [("1.00", "superseded"), ("2.00", "accepted")]


def test_a_correction_amends_the_victim_and_its_ledger_only(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD, "B,2025-01-01,1.00")
    home.load()
    home.balances("2025-01-04", NEW)
    report = home.load()
    assert report.first_changed == date(2025, 1, 4)
    assert home.fates()[0] == ("2025-01-02", "A", "1.00", "accepted", "2025-01-04")
    assert home.fates()[1][4] is None
    assert home.ledger()["2025-01-02/a.csv"] == ("loaded", 2, 1, 0, 1, 0)
    versions = home.rows("from control.day_versions order by all")
    assert versions == [(date(2025, 1, 2), 1), (date(2025, 1, 4), 2)]


def test_a_late_day_turns_a_later_acceptance_into_a_duplicate(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    home.balances("2025-01-06", NEW, "B,2025-01-01,1.00")
    home.load()
    home.balances("2025-01-04", NEW)
    report = home.load()
    assert report.first_changed == date(2025, 1, 4)
    assert [row[3:] for row in home.fates()] == [
        ("accepted", "2025-01-04"),
        ("accepted", None),
        ("duplicate", None),
        ("accepted", None),
    ]
    assert home.rows("from control.day_versions order by all")[2] == (date(2025, 1, 6), 2)


def test_a_key_that_returns_to_an_old_value_is_accepted_again(home: LandingHome) -> None:
    for day, row in (("2025-01-02", OLD), ("2025-01-03", NEW), ("2025-01-04", OLD)):
        home.balances(day, row)
        home.load()
    assert [row[3:] for row in home.fates()] == [
        ("accepted", "2025-01-03"),
        ("accepted", "2025-01-04"),
        ("accepted", None),
    ]


def test_the_same_bytes_load_nothing_twice(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD, "B,2025-01-01,1")
    home.balances("2025-01-03", OLD, "B,2025-01-01,1", name="again.csv")
    home.load()
    assert home.ledger()["2025-01-03/again.csv"] == ("identical", 2, 0, 2, 0, 0)
    assert len(home.fates()) == 2


def test_bytes_of_before_count_again_once_something_came_between(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    home.balances("2025-01-06", OLD)
    home.load()
    assert home.ledger()["2025-01-06/a.csv"][0] == "identical"
    home.balances("2025-01-04", NEW)
    assert home.load().first_changed == date(2025, 1, 4)
    assert home.fates()[-1] == ("2025-01-06", "A", "1.00", "accepted", None)
    home.balances("2025-01-04", OLD)
    home.load()
    assert [row[0] for row in home.fates()] == ["2025-01-02"]


def test_the_last_file_of_a_day_counts_also_if_it_repeats_the_first(home: LandingHome) -> None:
    for name, row in (("a.csv", OLD), ("b.csv", NEW), ("c.csv", OLD)):
        home.balances("2025-01-02", row, name=name)
    home.load()
    assert [row[2:4] for row in home.fates()] == [
        ("1.00", "duplicate"),
        ("2.00", "superseded"),
        ("1.00", "accepted"),
    ]


def test_a_damaged_parquet_file_between_two_equal_ones_changes_nothing_later(
    home: LandingHome,
) -> None:
    pages = many_balances(5000)
    home.put("2025-01-02", many_balances(3), "a.parquet")
    home.put("2025-01-03", pages[:100] + b"\xff" * 3000 + pages[3100:], "a.parquet")
    home.put("2025-01-04", many_balances(3), "a.parquet")
    home.load()
    before = home.ledger()
    assert [row[0] for row in before.values()] == ["loaded", "refused", "loaded"]
    assert home.load().first_changed is None
    assert home.ledger() == before


def test_a_twin_that_sorts_earlier_takes_over(home: LandingHome) -> None:
    home.balances("2025-01-05", OLD)
    home.load()
    home.balances("2025-01-03", OLD)
    report = home.load()
    assert report.first_changed == date(2025, 1, 3)
    assert [row[0] for row in home.fates()] == ["2025-01-03"]
    assert home.ledger()["2025-01-05/a.csv"][0] == "identical"


def test_a_twin_is_loaded_when_its_original_is_replaced(home: LandingHome) -> None:
    home.balances("2025-01-03", OLD)
    home.balances("2025-01-05", OLD)
    home.load()
    home.balances("2025-01-03", NEW)
    home.load()
    assert [(row[0], row[2]) for row in home.fates()] == [
        ("2025-01-03", "2.00"),
        ("2025-01-05", "1.00"),
    ]


def test_a_replaced_file_leaves_nothing_behind(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD, "B,x,1")
    home.load()
    home.balances("2025-01-02", NEW)
    assert home.pending() == ["account_balances/2025-01-02/a.csv"]
    home.load()
    assert [row[2] for row in home.fates()] == ["2.00"]
    assert home.rows("from control.quarantine") == []
    assert home.ledger() == {"2025-01-02/a.csv": ("loaded", 1, 1, 0, 0, 0)}


def test_a_file_replaced_by_a_damaged_one_is_refused_and_its_rows_go(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    home.load()
    home.put("2025-01-02", BALANCES + OLD + "\nB,2025")
    report = home.load()
    assert home.fates() == []
    assert [refused.file_id for refused in report.refused] == ["account_balances/2025-01-02/a.csv"]
    home.balances("2025-01-02", OLD)
    home.load()
    assert home.ledger() == {"2025-01-02/a.csv": ("loaded", 1, 1, 0, 0, 0)}


def test_a_file_that_disappears_stays_loaded(home: LandingHome) -> None:
    path = home.balances("2025-01-05", OLD)
    home.load()
    path.unlink()
    assert home.load().first_changed is None
    home.balances("2025-01-03", OLD)
    home.load()
    assert [row[3] for row in home.fates()] == ["accepted", "duplicate"]


def test_a_touched_file_is_neither_pending_nor_read_again(home: LandingHome) -> None:
    path = home.balances("2025-01-02", OLD)
    home.load()
    os.utime(path)
    assert home.pending() == []
    assert home.load().files == 0
    changed = path.stat().st_ctime_ns
    assert home.rows("select modified_ns from control.load_ledger") == [(changed,)]


def test_another_file_of_the_same_name_size_and_time_is_read(home: LandingHome) -> None:
    path = home.balances("2025-01-02", OLD)
    home.load()
    before = path.stat()
    home.balances("2025-01-02", NEW)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert home.pending() == ["account_balances/2025-01-02/a.csv"]
    home.load()
    assert [row[2] for row in home.fates()] == ["2.00"]


def test_a_link_that_leads_elsewhere_is_another_file(home: LandingHome, tmp_path: Path) -> None:
    for name, row in (("old", OLD), ("new", NEW)):
        (tmp_path / name).write_text(BALANCES + row + "\n")
        os.utime(tmp_path / name, (5, 5))
    link = home.balances("2025-01-02", OLD)
    for name in ("old", "new"):
        link.unlink()
        link.symlink_to(tmp_path / name)
        home.load()
    assert [row[2] for row in home.fates()] == ["2.00"]


def test_folders_beyond_the_day_are_left_alone(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    home.balances("2025-01-03", NEW)
    assert home.pending(date(2025, 1, 2)) == ["account_balances/2025-01-02/a.csv"]
    home.load(date(2025, 1, 2))
    assert list(home.ledger()) == ["2025-01-02/a.csv"]
    assert home.pending() == ["account_balances/2025-01-03/a.csv"]


def test_pending_needs_no_tables(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    assert home.pending() == ["account_balances/2025-01-02/a.csv"]


def test_unfinished_files_wait(home: LandingHome) -> None:
    for name in (".a.csv", "_a.csv", "a.csv.tmp", "a.csv.part"):
        home.balances("2025-01-02", OLD, name=name)
    report = home.load()
    assert (report.files, report.strays, home.pending()) == (0, [], [])


def test_what_is_out_of_place_is_reported(home: LandingHome) -> None:
    home.balances("2025-13-02", OLD)
    home.balances("20250102", OLD)
    home.put("2025-01-02", BALANCES, table="balances")
    (home.settings.landing_dir / "readme.txt").write_text("hello")
    (home.settings.landing_dir / "account_balances" / "note.txt").write_text("hello")
    (home.settings.landing_dir / "account_balances" / "2025-01-02" / "a.csv").mkdir(parents=True)
    report = home.load()
    assert [stray.split(":")[0] for stray in report.strays] == [
        "landing/account_balances/2025-01-02/a.csv",
        "landing/account_balances/2025-13-02",
        "landing/account_balances/20250102",
        "landing/account_balances/note.txt",
        "landing/balances",
        "landing/readme.txt",
    ]
    assert report.files == 0


def test_a_file_in_the_tables_place_is_reported(home: LandingHome) -> None:
    home.settings.landing_dir.mkdir(parents=True)
    (home.settings.landing_dir / "account_balances").write_text("hello")
    assert len(home.load().strays) == 1


def test_unknown_columns_are_reported_and_recorded(home: LandingHome) -> None:
    home.put("2025-01-02", "Extra,account_id,balance_on,closing_balance,\n?,A,2025-01-01,1,\n")
    report = home.load()
    unknown = ["extra", "(unnamed)"]
    assert report.unknown_columns == {"account_balances/2025-01-02/a.csv": unknown}
    assert home.rows("select unknown_columns, accepted from control.load_ledger") == [(unknown, 1)]


def test_a_last_line_without_a_line_end_is_recorded(home: LandingHome) -> None:
    header = "account_id,balance_on,closing_balance\n"
    home.put("2025-01-02", f"{header}A,2025-01-01,12\n")
    home.put("2025-01-03", f"{header}A,2025-01-02,1")
    home.put("2025-01-04", header.strip())
    home.load()
    assert home.rows(
        "select loaded_on::varchar, accepted, ends_open from control.load_ledger order by 1"
    ) == [("2025-01-02", 1, False), ("2025-01-03", 1, True), ("2025-01-04", 0, False)]


def test_a_home_of_before_line_ends_were_recorded_goes_on(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    home.load()
    home.rows("alter table control.load_ledger drop column ends_open")
    home.balances("2025-01-03", NEW)
    home.load()
    assert home.rows("select ends_open from control.load_ledger") == [(False,), (False,)]


def test_a_file_that_changes_while_it_is_read_waits(
    home: LandingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.balances("2025-01-02", OLD)
    home.balances("2025-01-03", NEW)
    wrong = {"account_balances/2025-01-02/a.csv": "0" * 64}
    content = load._content
    monkeypatch.setattr(
        load, "_content", lambda d, e: wrong.get(d.file_id if d else "") or content(d, e)
    )
    report = home.load()
    assert list(home.ledger()) == ["2025-01-03/a.csv"]
    assert "left for later" in report.strays[0]
    monkeypatch.undo()
    home.load()
    assert [row[2] for row in home.fates()] == ["1.00", "2.00"]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_file_that_goes_while_it_is_loaded_is_no_fault(
    home: LandingHome, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = home.put("2025-01-02", many_balances(3), name)
    home.balances("2025-01-03", NEW)
    content = load._content

    def taken_away(delivery: Delivery | None, entry: Entry | None) -> str | None:
        sha256 = content(delivery, entry)
        path.unlink(missing_ok=True)
        return sha256

    monkeypatch.setattr(load, "_content", taken_away)
    report = home.load()
    assert report.refused == []
    assert "left for later" in report.strays[0]
    assert list(home.ledger()) == ["2025-01-03/a.csv"]


def test_a_folder_that_cannot_be_read_stops_the_load(
    home: LandingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.balances("2025-01-02", OLD)
    locked = home.settings.landing_dir / "account_balances" / "2025-01-02"
    scan = os.scandir

    def denied(folder: Path) -> object:
        if folder == locked:
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(TenureError, match="2025-01-02 cannot be read"):
        home.load()
    monkeypatch.undo()
    assert home.load().first_changed == date(2025, 1, 2)


def test_a_file_that_does_not_open_is_refused_until_it_does(
    home: LandingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home.balances("2025-01-02", OLD)
    opened = Path.open

    def denied(self: Path, *arguments: str, **options: str) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", denied)
    report = home.load()
    assert "cannot be opened (Permission denied)" in report.refused[0].reason
    assert home.load().first_changed is None
    monkeypatch.undo()
    assert home.load().first_changed == date(2025, 1, 2)
    assert home.ledger() == {"2025-01-02/a.csv": ("loaded", 1, 1, 0, 0, 0)}


def test_small_batches_come_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = [LandingHome(tmp_path / name) for name in ("one", "many")]
    for home in homes:
        for day in range(1, 8):
            home.balances(f"2025-02-0{day}", f"A,2025-01-01,{day % 3}.00", f"B,2025-01-01,{day}")
            home.put(f"2025-02-0{day}", gzip.compress(BALANCES.encode()), "b.csv.gz")
    homes[0].load()
    monkeypatch.setattr(batch, "MAX_FILES", 2)
    homes[1].load()
    assert homes[0].fates() == homes[1].fates()
    assert homes[0].ledger() == homes[1].ledger()


def test_the_connections_settings_are_given_back(home: LandingHome) -> None:
    home.con.execute("set preserve_insertion_order = false")
    home.balances("2025-01-02", OLD)
    home.load()
    assert home.rows("select current_setting('preserve_insertion_order')") == [(False,)]


def test_no_temporary_tables_are_left(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    home.load()
    assert home.rows("select table_name from duckdb_tables() where temporary") == []


def test_progress_is_told(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    said: list[str] = []
    load.load_landing(home.con, home.settings, home.contract, FAR, said.append)
    assert said == ["account_balances: 1 files, 1 rows"]


def test_pending_works_on_a_read_only_warehouse(home: LandingHome, tmp_path: Path) -> None:
    home.balances("2025-01-02", OLD)
    warehouse = tmp_path / "warehouse.duckdb"
    home.con = duckdb.connect(str(warehouse))
    home.load()
    home.con.close()
    home.balances("2025-01-03", NEW)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = pending(home.settings, home.contract, con, FAR)
    assert [delivery.file_id for delivery in found] == ["account_balances/2025-01-03/a.csv"]


def test_only_the_tables_of_the_contract_are_loaded(home: LandingHome) -> None:
    home.balances("2025-01-02", OLD)
    report = home.load(contract=Contract(tables={}))
    assert report.strays == ["landing/account_balances: no table of the contract has this name"]


def test_what_was_too_early_yesterday_is_loaded_from_the_same_bytes_today(
    home: LandingHome,
) -> None:
    home.balances("2025-01-02", OLD, "B,2025-01-03,5.00")
    home.balances("2025-01-03", OLD, "B,2025-01-03,5.00")
    home.load()
    assert home.ledger() == {
        "2025-01-02/a.csv": ("loaded", 2, 1, 0, 0, 1),
        "2025-01-03/a.csv": ("loaded", 2, 1, 1, 0, 0),
    }
    assert ("2025-01-03", "B", "5.00", "accepted", None) in home.fates()
    home.balances("2025-01-04", OLD, "B,2025-01-03,5.00")
    home.load()
    assert home.ledger()["2025-01-04/a.csv"][0] == "identical"


def test_landing_that_is_not_mounted_is_not_taken_for_empty(home: LandingHome) -> None:
    home.put("2025-01-02", "no,balances\n1,2\n")
    home.load()
    landing = home.settings.landing_dir
    landing.rename(landing.with_name("away"))
    with pytest.raises(TenureError, match="mount it"):
        home.load()
    assert home.ledger()["2025-01-02/a.csv"][0] == "refused"


def test_a_folder_s_name_is_no_column(tmp_path: Path) -> None:
    home = LandingHome(tmp_path / "closing_balance=777")
    home.put("2025-01-02", many_balances(1), "a.parquet")
    home.load()
    assert "777.00" not in {balance for _, _, balance, *_ in home.fates()}
    assert home.fates()
