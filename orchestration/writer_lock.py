"""One writer at a time, whoever starts it: a lock on a file that the kernel drops with its holder.

Dagster's pools and run queue keep its own runs apart; this also keeps out a second command line, a
run that bypassed the queue, and another machine's process on the same disk.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import TenureError

log = logging.getLogger("tenure")
_POLL_SECONDS = 0.2


class WriterBusy(TenureError):
    """Another run is writing and did not finish in time."""


@contextmanager
def writer_lock(path: Path, wait_seconds: float) -> Iterator[None]:
    """Hold the lock at `path`, waiting for it up to `wait_seconds`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as handle:
        _acquire(handle.fileno(), path, wait_seconds)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        try:
            yield
        finally:
            fcntl.flock(handle.fileno(), fcntl.LOCK_UN)


def _acquire(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = path.read_text() or "unknown"
            if time.monotonic() >= deadline:
                raise WriterBusy(
                    f"process {holder} has been writing for more than {wait_seconds:g} s: "
                    f"wait for it or stop it, then run again"
                ) from None
            if not told:
                log.info("waiting for process %s, which is writing", holder)
                told = True
            time.sleep(_POLL_SECONDS)
