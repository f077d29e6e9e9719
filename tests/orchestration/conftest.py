"""One small bank, run once by Dagster, that all tests of the room look at; those that change a home
work on a copy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestration import cli
from tests.support.dagster_runs import Ran, run_job
from tests.support.home import Home, parsed_once
from tests.support.tiny_bank import TinyBank, day

DAYS = 4
Tenure = Callable[..., str]


@pytest.fixture(scope="module", autouse=True)
def _parsed_once() -> Iterator[None]:
    with parsed_once():
        yield


@pytest.fixture(scope="session")
def bank_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the deliveries of a few days, nothing run."""
    home = Home(tmp_path_factory.mktemp("bank"))
    home.land(TinyBank(seed=1, days=DAYS, customers=3).landing())
    return home


@pytest.fixture(scope="session")
def ran(bank_home: Home) -> Ran:
    """The run of all its days but the last."""
    with parsed_once():
        return run_job(bank_home.settings, day(0), day(DAYS - 2))


@pytest.fixture
def copy_of_bank(bank_home: Home, ran: Ran, tmp_path: Path) -> Home:
    """The home after that run, to be changed."""
    assert ran.succeeded, ran.failures
    home = tmp_path / "home"
    shutil.copytree(bank_home.settings.home, home, symlinks=True)
    return Home(home)


@pytest.fixture
def empty_home(tmp_path: Path) -> Callable[..., Home]:
    """Makes a home without deliveries."""
    return lambda **settings: Home(tmp_path / "empty", **settings)


@pytest.fixture
def tenure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tenure:
    """Runs the command; returns what it printed, and for a refusal the one sentence."""

    def run(home: Home | Path, *arguments: str, status: int = 0) -> str:
        path = home.settings.home if isinstance(home, Home) else home
        monkeypatch.setattr(sys, "argv", ["tenure", *arguments, "--home", str(path)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        assert (ended.value.code or 0) == status, printed
        if status == 0:
            return printed.out
        assert printed.err.startswith("error: "), printed.err
        assert "Traceback" not in printed.err
        return printed.err.removeprefix("error: ").strip()

    return run
