"""A process that runs days in children of its own and kills them where it is told to.

Importing and parsing take longer than a run of the tiny bank: they are done once, here, and each
child is forked from the result. One request per line on stdin, one answer per line on stdout.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dbt.adapters.sql.connections import SQLConnectionManager

from expectations.judge import warm_up
from orchestration import gatekeeper, pipeline
from orchestration.landing.batch import Batch
from tests.support.home import Home, parsed_project

# What a killed run leaves behind differs before and after each of these.
BOUNDARIES: tuple[tuple[Any, str], ...] = (
    (SQLConnectionManager, "add_query"),
    (SQLConnectionManager, "commit"),
    (Batch, "commit"),
    (pipeline, "begin"),
    (pipeline, "finish"),
    (pipeline, "write_mark"),
    (gatekeeper, "write_mark"),
    (gatekeeper, "record"),
    (os, "rename"),
    (os, "replace"),
    (os, "fsync"),
)


@dataclass(frozen=True)
class Request:
    """A run of days in a home, and when its process dies: before its n-th step over a boundary,
    after some seconds, or not at all."""

    home: str
    first: str
    last: str
    at_boundary: int | None = None
    after_seconds: float | None = None


@dataclass(frozen=True)
class Answer:
    """How the run ended, and for one that lived how many boundaries it passed."""

    was_killed: bool
    succeeded: bool
    seconds: float
    boundaries: int


def main() -> None:
    """Serves requests until stdin ends."""
    warm_up().join()
    project = parsed_project()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(asdict(_serve(Request(**json.loads(line)), project))), flush=True)


def _serve(request: Request, project: Any) -> Answer:
    readable, writable = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(readable)
        _run(request, project, writable)
    os.close(writable)
    if request.after_seconds is not None:
        time.sleep(request.after_seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(readable) as pipe:
        boundaries = pipe.read()
    return Answer(
        was_killed=os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        succeeded=status == 0,
        seconds=time.monotonic() - started,
        boundaries=int(boundaries or 0),
    )


def _run(request: Request, project: Any, report: int) -> None:
    status = 1
    try:
        passed = _mortal(request.at_boundary)
        home = Home(Path(request.home), project)
        home.run(date.fromisoformat(request.first), date.fromisoformat(request.last))
        os.write(report, str(passed()).encode())
        status = 0
    finally:
        os._exit(status)


def _mortal(lives: int | None) -> Callable[[], int]:
    """Makes this process die before the boundary of that number; returns how many were passed."""
    passed = 0

    def guarded(step: Callable[..., Any]) -> Callable[..., Any]:
        def take(*arguments: Any, **named: Any) -> Any:
            nonlocal passed
            if passed == lives:
                os.kill(os.getpid(), signal.SIGKILL)
            passed += 1
            return step(*arguments, **named)

        return take

    for place, name in BOUNDARIES:
        setattr(place, name, guarded(getattr(place, name)))
    return lambda: passed


if __name__ == "__main__":
    main()
