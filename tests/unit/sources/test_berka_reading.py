"""The published format: what is accepted, and what is said about what is not."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from orchestration.sources.berka import BerkaError, ImportSummary, import_berka
from orchestration.sources.berka.layout import SOURCES
from orchestration.sources.berka.reading import bad_rows, read_source, start_reading
from orchestration.sources.berka.summary import BadRow
from tests.unit.sources.berka_bank import landed, trans, write_bank


def _import(tmp_path: Path, **files: list[str]) -> ImportSummary:
    return import_berka(write_bank(tmp_path / "bank", **files), tmp_path / "home")


def _bad_rows(tmp_path: Path, name: str, rows: list[str]) -> list[BadRow]:
    folder = write_bank(tmp_path, **{name: rows})
    [source] = [source for source in SOURCES if source.name == name]
    with duckdb.connect(":memory:") as con:
        start_reading(con)
        read_source(con, source, folder / f"{name}.asc")
        return bad_rows(con)


def test_gzipped_files_in_any_case_are_accepted(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    plain = import_berka(folder, tmp_path / "plain")
    for path in list(folder.iterdir()):
        (folder / f"{path.stem.upper()}.ASC.GZ").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    packed = import_berka(folder, tmp_path / "packed")
    assert plain.tables == packed.tables
    assert landed(tmp_path / "plain", "transactions") == landed(tmp_path / "packed", "transactions")


def test_unix_line_ends_and_a_missing_last_one_are_accepted(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").rstrip(b"\n"))
    assert import_berka(folder, tmp_path / "home").tables["transactions"] == 1


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    (folder / "loan.asc").unlink()
    (folder / "trans.asc").unlink()
    with pytest.raises(BerkaError, match=r"lacks loan\.asc, trans\.asc"):
        import_berka(folder, tmp_path / "home")


def test_a_file_plain_and_gzipped_is_ambiguous(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    (folder / "loan.asc.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(BerkaError, match=r"loan\.asc and loan\.asc\.gz"):
        import_berka(folder, tmp_path / "home")


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(BerkaError, match="is not a folder"):
        import_berka(tmp_path / "nowhere", tmp_path / "home")


def test_a_wrong_header_names_file_and_columns(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank")
    (folder / "disp.asc").write_text('"disp_id";"client";"account_id";"type"\n')
    with pytest.raises(BerkaError, match=r"disp\.asc line 1: .*disp_id;client_id;account_id;type"):
        import_berka(folder, tmp_path / "home")


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_gzip_that_was_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    folder = write_bank(tmp_path / "bank")
    packed = gzip.compress((folder / "loan.asc").read_bytes() * 50)
    packed = packed[: int(len(packed) * kept)]
    (folder / "loan.asc").unlink()
    (folder / "loan.asc.gz").write_bytes(packed)
    with pytest.raises(BerkaError, match=r"loan\.asc\.gz cannot be read"):
        import_berka(folder, tmp_path / "home")


def test_no_transactions_is_nothing_to_deliver(tmp_path: Path) -> None:
    with pytest.raises(BerkaError, match="nothing to deliver"):
        _import(tmp_path, trans=[])
    assert not (tmp_path / "home").exists()


GOOD = trans(1, "930101", "900.00", "900.00")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("7;1;930102", "3 fields instead of 10"),
        (trans(7, "930230", "1.00", "1.00"), "date '930230' is not a day YYMMDD"),
        (trans(7, "930102", "1.005", "1.00"), "amount '1.005' is not an amount"),
        (trans(7, "930102", "", "1.00"), "amount '' is not an amount"),
        (trans(7, "930102", "1.00", "1,0"), "balance '1,0' is not an amount"),
        (trans(7, "930102", "1.00", "1.00", "PRIJM"), "type 'PRIJM' is not a code"),
        (trans(7, "930102", "1.00", "1.00", "VYDAJ", "X"), "operation 'X' is not a code"),
        (trans(7, "930102", "1.00", "1.00", k_symbol="X"), "k_symbol 'X' is not a code"),
        (trans(7, "930102", "1.00", "1.00", bank="\xe1"), "a byte outside ASCII"),
        ("x;1;930102", "3 fields"),
        (trans(1, "930102", "1.00", "1.00"), "trans_id 1 stands on an earlier line already"),
    ],
)
def test_a_bad_row_is_named_by_line(tmp_path: Path, row: str, problem: str) -> None:
    [bad] = _bad_rows(tmp_path, "trans", [GOOD, "", row])
    assert (bad.file, bad.line) == ("trans.asc", 4), "the blank line counts as a line"
    assert problem in bad.problem


@pytest.mark.parametrize("birth", ["701313", "706313", "700230", "70621", "000000", "70-213"])
def test_birth_numbers_that_are_no_day(tmp_path: Path, birth: str) -> None:
    [bad] = _bad_rows(tmp_path, "client", ['1;"706213";1', f'2;"{birth}";1'])
    assert str(bad).startswith(f"client.asc line 3: birth_number '{birth}' is not a birth number")


def test_a_bad_row_is_a_stated_difference(tmp_path: Path) -> None:
    summary = _import(tmp_path, trans=[GOOD, "7;1;930102"])
    [file] = [file for file in summary.files if file.file == "trans.asc"]
    assert (file.rows_in, file.rows_out) == (2, 1)
    assert [(diff.rows, diff.reason) for diff in file.differences] == [(1, "cannot be decoded")]
    assert any("trans.asc line 3: 3 fields" in line for line in summary.lines())


def test_many_bad_rows_are_another_format(tmp_path: Path) -> None:
    bad = trans(8, "x", "1.00", "1.00")
    with pytest.raises(BerkaError, match=r"trans\.asc: 2 of 3 rows cannot be decoded \(trans\.asc"):
        _import(tmp_path, trans=[GOOD, bad, bad])
    assert not (tmp_path / "home").exists(), "nothing is delivered"


def test_one_bad_row_in_a_hundred_passes_and_two_do_not(tmp_path: Path) -> None:
    good = [trans(n, "930101", "1.00", "1.00") for n in range(1, 199)]
    bad = [trans(900 + n, "x", "1.00", "1.00") for n in range(3)]
    assert len(_import(tmp_path / "two", trans=[*good, *bad[:2]]).bad_rows) == 2
    with pytest.raises(BerkaError, match="3 of 201"):
        _import(tmp_path / "three", trans=[*good, *bad])


def test_columns_that_are_not_read_may_hold_anything(tmp_path: Path) -> None:
    row = '1;1;930101;"PRIJEM";"VKLAD";900.00;900.00;" ";;?'
    assert not _import(tmp_path, trans=[row]).bad_rows
