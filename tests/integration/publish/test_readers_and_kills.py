"""Readers in other processes see whole versions; a publisher killed at any moment harms none."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.publish.reader import open_published
from orchestration.publish.versions import list_versions, version_dir
from tests.integration.publish.toy import (
    CONSISTENT,
    RUNNING,
    create_warehouse,
    publish_toy,
    set_state,
)

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]
PUBLISHES, READERS, KILLS = 24, 8, 16


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    paths = os.pathsep.join(map(str, (REPOSITORY, HERE)))
    return subprocess.Popen(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_eight_readers_while_versions_change_under_them(tmp_path: Path) -> None:
    create_warehouse(tmp_path / "warehouse.duckdb", customers=5000)
    publish_toy(tmp_path)
    ways = ["pointer", "stable path"]
    readers = [start("toy_reader.py", tmp_path, ways[n % 2]) for n in range(READERS)]
    time.sleep(2)
    for stamp in range(1, PUBLISHES + 1):
        set_state(tmp_path / "warehouse.duckdb", stamp)
        publish_toy(tmp_path, changed_since=RUNNING, keep_versions=2, keep_hours=0)
    (tmp_path / "stop").touch()
    seen = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    assert [one["faults"] for one in seen] == [[]] * READERS
    assert all(one["opens"] >= PUBLISHES and one["distinct"] >= 5 for one in seen), seen


def seen_state(home: Path) -> int:
    """The state that a reader gets at this moment, which must be a whole one."""
    with open_published(home / "published") as con:
        ((whole, state),) = con.execute(CONSISTENT).fetchall()
    assert whole
    return int(state)


def whole_state(home: Path) -> int:
    """The same with nobody publishing: the record and the Parquet files must agree too."""
    state = seen_state(home)
    with open_published(home / "published") as con:
        ((version,),) = con.execute("select version from published_version").fetchall()
        current = version_dir(home / "published", version)
        ((rows,),) = con.execute(
            f"select count(*) from '{current}/parquet/tier_month/*.parquet' where stamp = ?",
            [state],
        ).fetchall()
    assert rows > 0
    assert json.loads((home / "published" / "current.json").read_text())["version"] == version
    return state


@pytest.mark.slow
def test_killed_at_random_moments_the_current_version_is_whole(tmp_path: Path) -> None:
    """Each kill falls into an endless series of publishes, at a moment drawn from a fixed seed."""
    moments = random.Random(20240331)
    create_warehouse(tmp_path / "warehouse.duckdb", customers=5000)
    publish_toy(tmp_path)
    state, debris = 0, 0
    for _ in range(KILLS):
        series = start("toy.py", tmp_path, state)
        began = time.monotonic()
        while seen_state(tmp_path) == state and time.monotonic() - began < 60:
            time.sleep(0.02)
        time.sleep(moments.uniform(0.0, 0.6))
        series.kill()
        series.wait()
        debris += any(name.startswith(".building") for name in os.listdir(tmp_path / "published"))
        reached = whole_state(tmp_path)
        assert reached > state
        assert all(record.tables for record, _ in list_versions(tmp_path / "published"))
        state = reached + 2  # The series may have written one state that it did not publish.
        set_state(tmp_path / "warehouse.duckdb", state)
        publish_toy(tmp_path, changed_since=RUNNING)
        assert whole_state(tmp_path) == state
        left = os.listdir(tmp_path / "published")
        assert not [name for name in left if name.startswith((".building", ".retired", ".point"))]
    assert debris >= 1, "no kill fell into the middle of a publish"
