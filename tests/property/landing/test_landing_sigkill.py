"""A process killed while it loads, again and again, then let through: as if never killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

PROCESS = Path(__file__).with_name("loading_process.py")
REPOSITORY = Path(__file__).resolve().parents[3]
TABLES = {
    "account_balances": "account_id,balance_on,closing_balance\n",
    "channel_logins": "customer_id,channel,login_on,logins\n",
}


def _deliver(home: Path, seed: int) -> None:
    chance = random.Random(seed)
    for day in range(1, 15):
        for table, header in TABLES.items():
            folder = home / "landing" / table / f"2025-01-{day:02}"
            folder.mkdir(parents=True, exist_ok=True)
            middle = "mobile," if table == "channel_logins" else ""
            lines = [
                f"K{chance.randrange(300)},{middle}2025-01-01,{chance.randrange(4)}\n"
                for _ in range(2000)
            ]
            (folder / "a.csv").write_text(header + "".join(lines))


def _start(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROCESS), str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": ""},
    )


def _state(home: Path) -> list[list[tuple[Any, ...]]]:
    queries = [f"from raw.{table} order by all" for table in TABLES]
    queries += [
        "select * exclude (version, recorded_at, modified_ns) from control.load_ledger "
        "order by all",
        "from control.quarantine order by all",
        "select loaded_on from control.day_versions order by all",
    ]
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        return [con.execute(query).fetchall() for query in queries]


@pytest.mark.slow
def test_killed_processes_leave_a_state_that_the_next_one_repairs(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for home in (killed, whole):
        _deliver(home, seed=1)
    process = _start(whole)
    started = process.stdout.readline() if process.stdout else ""
    clock = time.monotonic()
    assert started == "loading\n"
    assert process.wait() == 0
    duration = time.monotonic() - clock
    deaths = 0
    for attempt in range(6):
        process = _start(killed)
        assert process.stdout is not None
        assert process.stdout.readline() == "loading\n"
        time.sleep(duration * attempt / 6)
        process.kill()
        deaths += process.wait() != 0
        if attempt == 3:
            # A correction arrives between two attempts, in both homes.
            for home in (killed, whole):
                _deliver(home, seed=2)
    assert deaths > 1
    for home in (killed, whole):
        assert _start(home).wait() == 0
    assert _state(killed) == _state(whole)
    assert _state(killed)[0]
