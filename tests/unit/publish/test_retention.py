"""Which versions go."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.retention import Kept, open_versions, versions_to_remove

NOW = datetime(2024, 4, 10, 12, tzinfo=UTC)
NAMES = [f"2024-04-0{n}T000{n}" for n in range(1, 6)]


def aged(*hours: float) -> list[Kept]:
    return [Kept(name, NOW - timedelta(hours=age)) for name, age in zip(NAMES, hours, strict=True)]


def decide(
    versions: list[Kept], current: int = 4, held: tuple[int, ...] = (), keep: int = 2
) -> list[str]:
    return versions_to_remove(
        versions,
        NAMES[current],
        {NAMES[n] for n in held},
        NOW,
        keep_versions=keep,
        keep_hours=24,
    )


def test_the_newest_stay_whatever_their_age() -> None:
    assert decide(aged(99, 98, 97, 96, 95)) == NAMES[:3]


def test_those_left_recently_stay_and_the_limit_is_half_open() -> None:
    assert decide(aged(99, 24, 23.9, 1, 0)) == NAMES[:2]


def test_the_current_one_stays_when_rolled_back_to() -> None:
    assert decide(aged(99, 98, 97, 96, 95), current=0) == NAMES[1:3]


def test_open_ones_stay() -> None:
    assert decide(aged(99, 98, 97, 96, 95), held=(1,)) == [NAMES[0], NAMES[2]]


def test_no_count_to_keep_still_keeps_the_current() -> None:
    assert decide(aged(99, 98, 97, 96, 95), keep=0) == NAMES[:4]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are known on Linux")
def test_open_files_and_locked_databases_are_seen(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in NAMES}
    for folder in folders.values():
        folder.mkdir()
        duckdb.connect(str(folder / "tenure.duckdb")).close()
        (folder / "a.parquet").touch()
    with (
        duckdb.connect(str(folders[NAMES[1]] / "tenure.duckdb"), read_only=True),
        (folders[NAMES[3]] / "a.parquet").open(),
    ):
        assert open_versions(folders) == {NAMES[1], NAMES[3]}
    assert open_versions(folders) == set()


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="file locks are known on Linux")
def test_a_lock_counts_where_file_handles_cannot_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tenure.duckdb"
    duckdb.connect(str(path)).close()
    monkeypatch.setattr(os, "readlink", lambda path: "")
    with duckdb.connect(str(path), read_only=True):
        assert open_versions({"v": tmp_path}) == {"v"}
