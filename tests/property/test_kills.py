"""A run may die at any moment: the next one repairs what it left, and readers notice nothing."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestration.publish.versions import DATABASE
from orchestration.sensors import waiting_deliveries
from tests.property.mortal_runs import Answer, Request
from tests.support.compare import contents, differences, marts, published_differences
from tests.support.home import Home
from tests.support.tiny_bank import FIRST_DAY, LAST_DAY, Landing, TinyBank, day

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]
DAYS_RUN = (30, 31, 44, 72, 104)
KILLS_PER_DAY = 6


class Runner:
    """The process that runs days in children."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, home: Home, on: date, **death: Any) -> Answer:
        """Runs a day, and lets its process die."""
        request = Request(str(home.settings.home), str(on), str(on), **death)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asdict(request)), file=self._process.stdin, flush=True)
        return Answer(**json.loads(self._process.stdout.readline()))


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with _process() as process:
        yield Runner(process)


@contextmanager
def _process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.property.mortal_runs"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()


def test_killed_runs_end_like_runs_that_were_not(runner: Runner, tmp_path: Path) -> None:
    chance = random.Random(1)
    files = TinyBank(seed=3).landing()
    mortal, spared = Home(tmp_path / "mortal"), Home(tmp_path / "spared")
    answer, deaths, landed = None, 0, -1
    for at in DAYS_RUN:
        for home in (mortal, spared):
            home.land(_arriving(files, landed, at))
        landed = at
        before = _seen(mortal)
        seen = []
        for number in range(KILLS_PER_DAY):
            # The first run's length is not known yet: any point of a usual one will do.
            length, boundaries = (answer.seconds, answer.boundaries) if answer else (4.0, 600)
            if number % 2:
                died = runner.run(mortal, day(at), at_boundary=chance.randrange(boundaries))
            else:
                died = runner.run(mortal, day(at), after_seconds=chance.uniform(0.05, length))
            deaths += died.was_killed
            assert died.was_killed or died.succeeded
            _can_be_looked_at(mortal)
            seen.append(_seen(mortal))
        answer = runner.run(mortal, day(at))
        assert answer.succeeded
        assert runner.run(spared, day(at)).succeeded
        assert differences(mortal, spared) == {}
        assert published_differences(mortal, spared) == {}
        after = _seen(mortal)
        assert all(version in (before, after) for version in seen)
    assert deaths >= 25
    fresh = Home(tmp_path / "fresh")
    fresh.land(files)
    fresh.run(FIRST_DAY, LAST_DAY)
    assert differences(mortal, fresh) == {}


def _arriving(files: Landing, after: int, through: int) -> Landing:
    """The files of the days since, and every seventh of later days already."""
    return {
        path: text
        for place, (path, text) in enumerate(files.items())
        if str(day(after)) < path.split("/")[1] <= str(day(through)) or place % 7 == after % 7
    }


def _seen(home: Home) -> object:
    """What a reader gets who follows the pointer now: always a whole version, or none yet."""
    pointer = home.settings.published_dir / DATABASE
    if not pointer.exists():
        return None
    tables = {name.split(".")[1]: "true" for name in marts(home)} | {"published_version": "true"}
    found = contents(pointer.resolve(strict=True), tables)
    # Published again with the same content, a version has another name and time.
    return {table: rows for table, rows in found.items() if table != "published_version"}


def _can_be_looked_at(home: Home) -> None:
    """What the sensor and `tenure status` do after a run has died."""
    if home.settings.warehouse_path.exists():
        waiting_deliveries(home.settings, home.bank.contract, LAST_DAY)
