"""Dagster's SQLite event log, writing events of a batch in one transaction.

A range of days run at once records a materialization per table and day. Dagster's own storage
opens, commits and closes two databases for each of them (ten milliseconds and more); the ranges of
a bank have tens of thousands. Connections are kept here, and a batch is one transaction per
database.
It rests on names that are private to Dagster: the release is capped, and tests hold it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dagster import EventLogEntry
from dagster._core.events import ASSET_EVENTS
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, func, select
from sqlalchemy.event import listen
from sqlalchemy.pool import QueuePool

# Events per batch; Dagster reads it from this variable in every process that stores events.
BATCH_VARIABLE = "DAGSTER_EVENT_BATCH_SIZE"
BATCH_SIZE = 1000
# How long a write waits for another process that holds the database.
BUSY_SECONDS = 60


class BatchedSqliteEventLogStorage(SqliteEventLogStorage):
    """The same files and tables; cheaper to write many events to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: dict[str, Engine] = {}
        self._held: dict[str, Connection] | None = None
        # Of a long range, what is planned is stored as one event per table, not one per day.
        self.plans_ranges = False
        super().__init__(*args, **kwargs)
        # Held for a whole batch, and taken again by each of its events.
        self._db_lock = threading.RLock()  # type: ignore[assignment]

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> BatchedSqliteEventLogStorage:
        """How Dagster makes one from dagster.yaml."""
        return cls(inst_data=inst_data, **config_value)

    @property
    def supports_partition_subset_in_asset_materialization_planned_events(self) -> bool:
        """Whether a run's plan may name a range of partitions at once."""
        return self.plans_ranges

    def dispose(self) -> None:
        """Closes the connections, which folds the write-ahead logs into their databases."""
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Stores all events, or none of them."""
        of_assets = [event for event in events if _is_of_asset(event)]
        with self._db_lock, self._holding():
            if of_assets:
                self._store_asset_events(of_assets)
            for event in events:
                if not _is_of_asset(event):
                    self.store_event(event)

    def _store_asset_events(self, events: Sequence[EventLogEntry]) -> None:
        """What `store_event` does for each, in one statement per table.

        An asset's own row only keeps its latest event, so the others need not be written to it.
        """
        rows = [self._event_to_row(event) for event in events]
        with self.run_connection(events[0].run_id) as connection:
            connection.execute(SqlEventLogStorageTable.insert(), rows)
        with self.index_connection() as connection:
            connection.execute(SqlEventLogStorageTable.insert(), rows)
            newest: int = connection.execute(
                select(func.max(SqlEventLogStorageTable.c.id))
            ).scalar_one()
            ids = range(newest - len(events) + 1, newest + 1)
            self._store_asset_event_tags(connection, events, ids)
            latest = {
                entry.get_dagster_event().asset_key: (entry, event_id)
                for entry, event_id in zip(events, ids, strict=True)
            }
            for entry, event_id in latest.values():
                self._store_asset_event(connection, entry, event_id)

    @contextmanager
    def _holding(self) -> Iterator[None]:
        self._held = {}
        try:
            yield
        except BaseException:
            for connection in self._held.values():
                connection.rollback()
            raise
        else:
            for connection in self._held.values():
                connection.commit()
        finally:
            for connection in self._held.values():
                connection.close()
            self._held = None

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if self._held is None:
                with self._engine(shard).begin() as connection:
                    yield connection
                return
            if shard not in self._held:
                self._held[shard] = self._engine(shard).connect()
            yield self._held[shard]

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            )
            listen(engine, "connect", _relax)
            if shard not in self._initialized_dbs:
                self._initdb(engine, shard == "index")
                self._initialized_dbs.add(shard)
            self._engines[shard] = engine
        return self._engines[shard]


def _is_of_asset(event: EventLogEntry) -> bool:
    return event.is_dagster_event and event.get_dagster_event().event_type in ASSET_EVENTS


def _relax(connection: Any, _record: Any) -> None:
    """With a write-ahead log, a commit need not wait for the disk: a crash loses no consistency."""
    connection.execute("pragma synchronous = normal")
