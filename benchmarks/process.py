"""Running a command as a whole process and asking the kernel what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """Wall and processor seconds from start to exit, and the largest resident set, of a process."""

    seconds: float
    cpu_seconds: float
    peak_gib: float
    output: str


def measure(module: str, *arguments: str, environment: dict[str, str] | None = None) -> Measured:
    """Run `python -m module arguments`; raises RuntimeError with its output if it fails."""
    command = [sys.executable, "-m", module, *arguments]
    return measure_command(command, environment or {})


def measure_command(command: Sequence[str], environment: dict[str, str]) -> Measured:
    """Run a command to its end."""
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
        cwd=Path(__file__).resolve().parent.parent,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{output}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024**2, output)
