"""Ending a run at once when it is told to stop.

Dagster takes SIGTERM for an exception in the step that is running; dbt takes that for a failed
model, and the run goes on with the next step. A run that is killed anywhere repairs itself, so it
may as well end there and then. Ctrl-C stays Python's.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STOPPED = 128 + signal.SIGTERM


@contextmanager
def stops_at_once() -> Iterator[None]:
    """Within it SIGTERM ends the process, whoever has put a handler of its own in place."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Only the main thread is told of signals.
        return
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    before = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    threading.Thread(target=_wait, args=(told,), name="stopping", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(tell)


def _wait(told: int) -> None:
    with os.fdopen(told, "rb", buffering=0) as pipe:
        while number := pipe.read(1):
            if number[0] == signal.SIGTERM:
                os.write(2, b"stopped; the next run does again what this one left undone\n")
                os._exit(_STOPPED)
