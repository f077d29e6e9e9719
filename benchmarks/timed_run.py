"""`tenure run` with a line per step: seconds since the step before, and peak memory so far."""

from __future__ import annotations

import logging
import resource
import sys
import time

STARTED = time.monotonic()


class StepLines(logging.Handler):
    """Prints each of the pipeline's messages with what it took to get there."""

    def __init__(self) -> None:
        super().__init__()
        self._last = STARTED
        self._cpu = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """One line a step: wall and processor seconds, GiB, message, separated by tabs."""
        now = time.monotonic()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        cpu = usage.ru_utime + usage.ru_stime
        figures = (now - self._last, cpu - self._cpu, usage.ru_maxrss / 1024**2)
        print("step", *(f"{figure:.2f}" for figure in figures), record.getMessage(), sep="\t")
        self._last, self._cpu = now, cpu


def main() -> None:
    """Takes the arguments of `tenure run`."""
    logger = logging.getLogger("tenure")
    logger.setLevel(logging.INFO)
    logger.addHandler(StepLines())
    from orchestration.cli import main as tenure

    sys.argv = ["tenure", "run", *sys.argv[1:]]
    tenure()


if __name__ == "__main__":
    main()
