"""Our event storage against Dagster's own: the same rows, whether stored singly or in batches."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    DagsterInstance,
    DailyPartitionsDefinition,
    EventLogEntry,
    MaterializeResult,
    asset,
    materialize,
)
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from orchestration.event_log import BATCH_VARIABLE, BatchedSqliteEventLogStorage
from orchestration.instance import open_instance
from tests.support.home import Home

DAYS = 3
STORAGE_ID = re.compile(r'"storage_id": \d+')
TABLES = {
    "event_logs": "run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition",
    "asset_keys": "asset_key, last_materialization, last_run_id, last_materialization_timestamp",
    "asset_event_tags": "asset_key, key, value, event_timestamp",
    "asset_check_executions": "asset_key, check_name, partition, run_id, execution_status, "
    "evaluation_event_timestamp",
}


@pytest.fixture(scope="module")
def entries() -> list[EventLogEntry]:
    """All that a run over three days of two tables and a check tells."""
    partitions = DailyPartitionsDefinition("2024-01-01")

    @asset(partitions_def=partitions)
    def upstream() -> MaterializeResult[None]:
        return MaterializeResult(metadata={"rows": 3}, tags={"layer": "raw"})

    @asset(
        partitions_def=partitions,
        deps=[upstream],
        check_specs=[AssetCheckSpec("gate", asset="downstream")],
    )
    def downstream():  # type: ignore[no-untyped-def]  # a check makes its return a tuple
        return MaterializeResult(check_results=[AssetCheckResult(passed=True)])

    found: list[EventLogEntry] = []
    with DagsterInstance.ephemeral() as instance:
        for number in range(1, DAYS + 1):
            run = materialize(
                [upstream, downstream], instance=instance, partition_key=f"2024-01-0{number}"
            )
            found += instance.all_logs(run.run_id)
    return found


def dumped(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every database but ids, which follow the order of storing."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for path in sorted(folder.glob("*.db")):
        with closing(sqlite3.connect(path)) as con:
            for table, columns in TABLES.items():
                rows = con.execute(f"select {columns} from {table}").fetchall()
                found[f"{path.name} {table}"] = sorted(
                    tuple(STORAGE_ID.sub("", str(value)) for value in row) for row in rows
                )
    return found


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[BatchedSqliteEventLogStorage]:
    ours = BatchedSqliteEventLogStorage(str(tmp_path / "ours"))
    yield ours
    ours.dispose()


def store_by_run(storage: BatchedSqliteEventLogStorage, entries: Sequence[EventLogEntry]) -> None:
    """As Dagster does: a batch is of one run."""
    for run_id in dict.fromkeys(entry.run_id for entry in entries):
        storage.store_event_batch([entry for entry in entries if entry.run_id == run_id])


@pytest.mark.parametrize("in_batches", [False, True])
def test_rows_are_those_of_dagsters_own_storage(
    in_batches: bool,
    entries: list[EventLogEntry],
    storage: BatchedSqliteEventLogStorage,
    tmp_path: Path,
) -> None:
    own = SqliteEventLogStorage(str(tmp_path / "own"))
    for entry in entries:
        own.store_event(entry)
    if in_batches:
        store_by_run(storage, entries)
    else:
        for entry in entries:
            storage.store_event(entry)
    own.dispose()
    storage.dispose()
    assert dumped(tmp_path / "ours") == dumped(tmp_path / "own")
    assert len(dumped(tmp_path / "own")["index.db event_logs"]) > DAYS * 2


def test_what_is_stored_can_be_read_back(
    entries: list[EventLogEntry], storage: BatchedSqliteEventLogStorage
) -> None:
    store_by_run(storage, entries)
    (key,) = {
        entry.get_dagster_event().asset_key
        for entry in entries
        if entry.is_dagster_event and entry.step_key == "downstream" and entry.asset_materialization
    }
    assert key is not None
    assert storage.get_materialized_partitions(key) == {f"2024-01-0{n + 1}" for n in range(DAYS)}
    (record,) = storage.get_asset_records([key])
    newest = record.asset_entry.last_materialization_record
    assert newest is not None
    assert newest == storage.fetch_materializations(key, limit=1).records[0]
    assert len(storage.get_logs_for_run(entries[0].run_id)) == len(
        [entry for entry in entries if entry.run_id == entries[0].run_id]
    )


def test_a_batch_is_stored_whole_or_not_at_all(
    entries: list[EventLogEntry],
    storage: BatchedSqliteEventLogStorage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = [entry for entry in entries if entry.run_id == entries[0].run_id]
    store_asset_event = storage.store_asset_check_event

    def fail(*arguments: Any, **named: Any) -> None:
        store_asset_event(*arguments, **named)
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(storage, "store_asset_check_event", fail)
        with pytest.raises(OSError, match="disk full"):
            storage.store_event_batch(batch)
    assert not any(rows for rows in dumped(tmp_path / "ours").values())
    storage.store_event_batch(batch)
    assert len(dumped(tmp_path / "ours")[f"{batch[0].run_id}.db event_logs"]) == len(batch)


def test_the_instance_uses_it_with_batches_and_without_telemetry(
    bank_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BATCH_VARIABLE, "")
    monkeypatch.delenv(BATCH_VARIABLE)
    with open_instance(bank_home.settings) as instance:
        assert isinstance(instance.event_log_storage, BatchedSqliteEventLogStorage)
        assert not instance.telemetry_enabled
        assert instance.root_directory == str(bank_home.settings.home / "dagster")
