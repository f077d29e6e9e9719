"""Another process that has a home's warehouse open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event

import duckdb

from tests.support.home import Home


@contextmanager
def opened_by_another_process(
    home: Home, read_only: bool = False, seconds: float = 60
) -> Iterator[int]:
    """Somebody holds the warehouse open, for so long at most; their process number."""
    context = get_context("spawn")
    opened, done = context.Event(), context.Event()
    path = str(home.settings.warehouse_path)
    process = context.Process(target=hold_open, args=(path, read_only, seconds, opened, done))
    process.start()
    assert opened.wait(60)
    assert process.pid is not None
    try:
        yield process.pid
    finally:
        done.set()
        process.join()


def hold_open(path: str, read_only: bool, seconds: float, opened: Event, done: Event) -> None:
    """What the other process does."""
    with duckdb.connect(path, read_only=read_only):
        opened.set()
        done.wait(seconds)
