"""A run whose process is gone keeps the next one from nothing, and counts as failed."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from dagster import DagsterRunStatus

from orchestration.assets.names import WRITER_POOL
from orchestration.instance import open_instance
from orchestration.run import run_days
from tests.orchestration.conftest import DAYS
from tests.support.home import Home
from tests.support.tiny_bank import day

pytestmark = pytest.mark.slow

PATIENCE = 300


def taken_slots(home: Home) -> list[tuple[str, str]]:
    """Run and step of every slot of the writers' pool that is taken."""
    path = home.settings.home / "dagster" / "history" / "runs" / "index.db"
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
            return con.execute(
                "select run_id, step_key from concurrency_slots where run_id is not null"
            ).fetchall()
    except sqlite3.OperationalError:
        return []  # Not made yet, or being made.


def started(home: Home) -> subprocess.Popen[bytes]:
    """A run of the bank's last day, in a process of its own, that has taken its slot."""
    command = [sys.executable, "-m", "orchestration.cli", "run", "--date", str(day(DAYS - 1))]
    process = subprocess.Popen(
        [*command, "--home", str(home.settings.home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + PATIENCE
    while not taken_slots(home) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    return process


def test_a_slot_of_a_killed_run_keeps_nobody_waiting(copy_of_bank: Home) -> None:
    process = started(copy_of_bank)
    assert taken_slots(copy_of_bank)
    process.send_signal(signal.SIGKILL)
    process.wait()
    ((dead, _),) = taken_slots(copy_of_bank)
    outcome = run_days(copy_of_bank.settings, day(DAYS - 1), day(DAYS - 1))
    assert outcome.succeeded, outcome.failures
    assert taken_slots(copy_of_bank) == []
    with open_instance(copy_of_bank.settings) as instance:
        run = instance.get_run_by_id(dead)
        assert run is not None
        assert run.status is DagsterRunStatus.FAILURE
        info = instance.event_log_storage.get_concurrency_info(WRITER_POOL)
        assert info.active_slot_count == 0


def test_told_to_stop_a_run_ends_at_once(copy_of_bank: Home) -> None:
    process = started(copy_of_bank)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) in (128 + signal.SIGTERM, -signal.SIGTERM)
