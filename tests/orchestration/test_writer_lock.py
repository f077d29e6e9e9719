"""One writer at a time, and a dead one holds nobody up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from orchestration.writer_lock import WriterBusy, writer_lock

HOLD = """
import sys, time
from pathlib import Path
from orchestration.writer_lock import writer_lock
with writer_lock(Path(sys.argv[1]), 0):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def held(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the lock."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "writer.lock"


def test_the_lock_names_its_holder_and_is_free_afterwards(path: Path) -> None:
    for _ in range(2):
        with writer_lock(path, 0):
            assert path.read_text() == str(os.getpid())


def test_an_error_gives_it_back(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writer_lock(path, 0):
        _ = 1 / 0
    with writer_lock(path, 0):
        pass


def test_a_second_writer_is_told_who_writes(path: Path) -> None:
    with held(path) as process:
        began = time.monotonic()
        with pytest.raises(WriterBusy, match=rf"process {process.pid} .* wait for it"):
            writer_lock(path, 0.3).__enter__()
        assert 0.3 <= time.monotonic() - began < 5


def test_a_second_writer_waits_its_turn(path: Path) -> None:
    with held(path) as process:
        Timer(0.5, process.kill).start()
        with writer_lock(path, 30):
            assert process.wait(10) != 0, "it was let in while the other one lived"


def test_the_lock_of_a_killed_process_is_free(path: Path) -> None:
    with held(path) as process:
        process.kill()
        process.wait()
        assert path.read_text() == str(process.pid)
        with writer_lock(path, 0):
            assert path.read_text() == str(os.getpid())
