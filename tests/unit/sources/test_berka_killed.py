"""An import killed by the system while it prepares or names its files, and the one after it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.sources.berka import import_berka
from tests.unit.sources.berka_bank import trans, write_bank

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[3]
DAYS = [f"93{month:02}{day:02}" for month in range(1, 13) for day in range(1, 29)]

# Imports argv[1] into argv[2] and is killed by the file that is number argv[4] to be written
# (after half of it) or named.
PROCESS = """
import os, signal, sys
from pathlib import Path
from orchestration.sources.berka import import_berka

folder, home, step, number = sys.argv[1:]
calls, write, name = [], Path.write_bytes, os.replace

def is_time(asked):
    calls.append(asked)
    return calls.count(step) > int(number)

def write_or_die(path, content):
    if is_time("write"):
        write(path, content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    return write(path, content)

def name_or_die(source, target):
    if is_time("name"):
        os.kill(os.getpid(), signal.SIGKILL)
    name(source, target)

Path.write_bytes, os.replace = write_or_die, name_or_die
import_berka(Path(folder), Path(home))
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of days with a booking each."""
    rows = [trans(n, day, "1.00", f"{n}.00") for n, day in enumerate(DAYS, 1)]
    return write_bank(tmp_path_factory.mktemp("killed") / "bank", trans=rows)


@pytest.fixture(scope="module")
def whole(bank: Path) -> dict[str, bytes]:
    """What an import that nobody kills delivers."""
    import_berka(bank, bank.parent / "whole")
    return _content(bank.parent / "whole")


def _content(home: Path) -> dict[str, bytes]:
    files = [path for path in home.rglob("*") if path.is_file()]
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


def _visible(home: Path) -> dict[str, bytes]:
    return {name: content for name, content in _content(home).items() if "/." not in f"/{name}"}


def _kill_import(bank: Path, home: Path, step: str, number: int) -> None:
    arguments = [sys.executable, "-c", PROCESS, str(bank), str(home), step, str(number)]
    killed = subprocess.run(arguments, cwd=REPOSITORY, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr


@pytest.mark.parametrize("number", [0, 1, 300])
def test_a_kill_while_preparing_delivers_nothing(
    number: int, bank: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    _kill_import(bank, tmp_path, "write", number)
    assert _visible(tmp_path) == {}
    assert len(_content(tmp_path)) == number + 1, "the last one half written"
    import_berka(bank, tmp_path)
    assert _content(tmp_path) == whole


@pytest.mark.parametrize("number", [0, 1, 300, -1], ids=["first", "second", "midway", "settings"])
def test_a_kill_while_naming_leaves_whole_files(
    number: int, bank: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """The home's settings are the last to get their name."""
    number %= len(whole)
    _kill_import(bank, tmp_path, "name", number)
    visible = _visible(tmp_path)
    assert len(visible) == number
    assert visible.items() <= whole.items()
    import_berka(bank, tmp_path)
    assert _content(tmp_path) == whole


def test_a_kill_of_an_import_over_another_mixes_whole_files_only(
    bank: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    rows = [trans(n, day, "2.00", f"{2 * n}.00") for n, day in enumerate(DAYS, 1)]
    home = tmp_path / "home"
    import_berka(write_bank(tmp_path / "earlier", trans=rows), home)
    before = _content(home)
    _kill_import(bank, home, "write", 300)
    assert _visible(home) == before
    _kill_import(bank, home, "name", 300)
    visible = _visible(home)
    assert visible.items() <= before.items() | whole.items()
    assert visible not in (before, whole)
    import_berka(bank, home)
    assert _content(home) == whole
