"""What the command says of files that cannot be imported: one sentence, a status that scripts see,
nothing delivered, and an import of the mended files that is like any other."""

from __future__ import annotations

import errno
import gzip
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import cli
from orchestration.sources.berka import BerkaError, import_berka
from tests.unit.sources.berka_bank import SMALLEST, landed, trans, write_bank

Import = Callable[..., str]

# More than one row in a hundred, and more than one, that lead nowhere.
THREE_ACCOUNTS = ['1;1;"X";930101', '2;1;"X";930101', '3;1;"X";930101']


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Import:
    """Runs the command; returns what it printed, and for a refusal the one sentence."""

    def run(folder: Path, home: Path, status: int = 0) -> str:
        arguments = ["tenure", "import", "berka", str(folder), "--home", str(home)]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        assert (ended.value.code or 0) == status, printed
        if status == 0:
            return printed.out
        assert "Traceback" not in printed.err
        [said] = [line for line in printed.err.splitlines() if line.startswith("error: ")]
        assert printed.err.rstrip().endswith(said)
        return said.removeprefix("error: ")

    return run


def _gone(folder: Path) -> None:
    (folder / "card.asc").unlink()


def _empty_folder(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _a_folder(folder: Path) -> None:
    _gone(folder)
    (folder / "card.asc").mkdir()


def _changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / f"{name}.asc"
        path.write_bytes(change(path.read_bytes()))

    return apply


def _packed(content: bytes) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        _gone(folder)
        (folder / "card.asc.gz").write_bytes(content)

    return apply


def _rows(**files: list[str]) -> Callable[[Path], object]:
    return lambda folder: write_bank(folder, **files)


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty folder": (_empty_folder, "lacks district.asc, account.asc, client.asc"),
    "missing file": (_gone, "lacks card.asc (plain or .gz)"),
    "folder in a file's place": (_a_folder, "card.asc cannot be read"),
    "no bytes": (_changed("card", lambda content: b""), "card.asc line 1: the header is ''"),
    "no bytes, packed": (_packed(b""), "card.asc.gz line 1: the header is ''"),
    "half a gzip head": (_packed(gzip.compress(b"x")[:7]), "card.asc.gz cannot be read"),
    "bytes after a gzip": (_packed(gzip.compress(b"x") + b"more"), "card.asc.gz cannot be read"),
    "commas": (
        _changed("disp", lambda content: content.replace(b";", b",")),
        'disp.asc line 1: the header is \'"disp_id",',
    ),
    "columns in another order": (
        _changed("disp", lambda content: content.replace(b'"client_id";"account_id"', b"b;c")),
        "expected 'disp_id;client_id;account_id;type'",
    ),
    "UTF-16": (
        _changed("disp", lambda content: content.decode().encode("utf-16")),
        "disp.asc line 1: the header is '..",
    ),
    "cut off within a row": (
        _changed("trans", lambda content: content[:-6]),
        "trans.asc was cut off within line 2 (8 fields instead of 10, and no line end)",
    ),
    "cut off within a day": (
        _changed("account", lambda content: content[:-4]),
        "account.asc was cut off within line 2",
    ),
    "cut off after the header": (_rows(trans=[]), "trans.asc holds no rows"),
    "no clients": (_rows(client=[]), "client.asc holds no rows"),
    "accounts cut off between rows": (
        _rows(trans=[trans(n, "930101", "9.00", "9.00", account=n) for n in range(1, 4)]),
        "2 of 3 transactions are of accounts that are not in account.asc",
    ),
    "clients cut off between rows": (
        _rows(account=THREE_ACCOUNTS, disp=[f'{n};{n};{n};"OWNER"' for n in range(1, 4)]),
        "2 of 3 dispositions name a client who is not in client.asc",
    ),
    "dispositions cut off between rows": (
        _rows(account=THREE_ACCOUNTS),
        "2 of 3 accounts have no OWNER",
    ),
    "districts cut off between rows": (
        _rows(client=['1;"706213";1', '2;"706213";2', '3;"706213";3']),
        "2 of 3 clients live in a district that is not in district.asc",
    ),
    "accented letters": (
        _rows(client=[f'{n};"70621\xe1";1' for n in range(3)]),
        "client.asc: 3 of 3 rows cannot be decoded",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_sentence_and_leaves_nothing(
    name: str, tmp_path: Path, imported: Import
) -> None:
    break_it, sentence = FAULTS[name]
    folder, home = write_bank(tmp_path / "bank"), tmp_path / "home"
    break_it(folder)
    said = imported(folder, home, status=1)
    assert sentence in said
    assert not (home / "landing").exists()
    assert not (home / "tenure.toml").exists()
    mended = write_bank(tmp_path / "mended")
    imported(mended, home)
    assert len(landed(home, "transactions")) == 1


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_leaves_what_an_earlier_import_delivered(name: str, tmp_path: Path) -> None:
    folder, home = write_bank(tmp_path / "bank"), tmp_path / "home"
    import_berka(folder, home)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    FAULTS[name][0](folder)
    with pytest.raises(BerkaError):
        import_berka(folder, home)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def _in_two_members(content: bytes) -> bytes:
    half = len(content) // 2
    return gzip.compress(content[:half]) + gzip.compress(content[half:])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("trans.asc", gzip.compress),
        ("trans.asc.gz", lambda content: content),
        ("trans.asc.gz", _in_two_members),
        ("trans.asc", lambda content: b"\xef\xbb\xbf" + content),
        ("TRANS.ASC", lambda content: content.replace(b"\r\n", b"\n\n")),
        ("trans.asc", lambda content: content.removesuffix(b"\r\n")),
        ("trans.asc", lambda content: content.replace(b"\r\n", b"\r")),
    ],
    ids=[
        "packed",
        "not packed",
        "two members",
        "marked as UTF-8",
        "blank lines",
        "no last end",
        "CR",
    ],
)
def test_what_a_download_may_change(
    name: str, change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    rows = [trans(n, f"9301{n:02}", "1.00", f"{n}.00") for n in range(1, 29)]
    folder = write_bank(tmp_path / "bank", trans=rows)
    import_berka(folder, tmp_path / "plain")
    content = (folder / "trans.asc").read_bytes()
    (folder / "trans.asc").unlink()
    (folder / name).write_bytes(change(content))
    import_berka(folder, tmp_path / "home")
    assert landed(tmp_path / "home", "transactions") == landed(tmp_path / "plain", "transactions")
    assert len(landed(tmp_path / "home", "transactions")) == 28


def test_one_row_that_leads_nowhere_is_a_slip(tmp_path: Path) -> None:
    rows = [*SMALLEST["trans"], trans(2, "930101", "9.00", "9.00", account=7)]
    folder = write_bank(tmp_path / "bank", trans=rows, client=['1;"706213";5'])
    assert import_berka(folder, tmp_path / "home").orphan_transactions == 1


def test_a_home_that_is_a_file(tmp_path: Path, imported: Import) -> None:
    (tmp_path / "home").write_text("")
    said = imported(write_bank(tmp_path / "bank"), tmp_path / "home", status=1)
    assert "is a file; give a folder" in said


def test_a_folder_where_a_delivery_belongs(tmp_path: Path, imported: Import) -> None:
    """The other files of the day got their names; once it is gone the next import adds it."""
    home = tmp_path / "home"
    place = home / "landing" / "transactions" / "1993-01-01" / "berka.csv"
    place.mkdir(parents=True)
    folder = write_bank(tmp_path / "bank")
    said = imported(folder, home, status=1)
    assert said.startswith(f"{place} cannot be written (Is a directory)")
    place.rmdir()
    imported(folder, home)
    assert len(landed(home, "transactions")) == 1
    assert not list(home.rglob(".berka*"))


def test_a_full_disk(tmp_path: Path, imported: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, home = write_bank(tmp_path / "bank"), tmp_path / "home"
    written: list[Path] = []
    write_bytes = Path.write_bytes

    def full_after_three(path: Path, content: bytes) -> int:
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        written.append(path)
        return write_bytes(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full_after_three)
        said = imported(folder, home, status=1)
    assert "cannot be written (No space left on device)" in said
    assert len(said.splitlines()) == 1
    assert landed(home, "products") == [], "nothing is delivered"
    imported(folder, home)
    assert len(landed(home, "transactions")) == 1
    assert not list(home.rglob(".berka*"))


def test_a_bank_that_booked_before_its_first_account(tmp_path: Path) -> None:
    """The home begins with the first row there is, or the run would leave that day out."""
    rows = [trans(1, "921231", "9.00", "9.00"), *SMALLEST["trans"][1:]]
    summary = import_berka(write_bank(tmp_path / "bank", trans=rows), tmp_path / "home")
    assert summary.first_day == "1992-12-31"
