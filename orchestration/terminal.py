"""The terminal that commands print to: width, progress and the last word of an error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

Progress = Callable[[str], None]

# Tables keep their columns where there is no terminal to fit them into.
_WIDTH = None if sys.stdout.isatty() else 140
console = Console(width=_WIDTH)
errors = Console(stderr=True, width=_WIDTH)
ACT = 1


def complain(sentence: str) -> None:
    """Says what a person must act on, and ends with a non-zero status."""
    errors.print("[red]error:[/] ", end="")
    errors.print(sentence, highlight=False, markup=False, soft_wrap=True)
    sys.exit(ACT)


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A spinner with the latest step on a terminal, plain lines elsewhere."""
    with console.status(title) as spinner:

        def show(message: str) -> None:
            spinner.update(f"{title}: {message}")
            if not console.is_terminal:
                console.print(message, highlight=False, soft_wrap=True)

        handler = _Steps(show)
        logger = logging.getLogger("tenure")
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        try:
            yield show
        finally:
            logger.removeHandler(handler)


class _Steps(logging.Handler):
    def __init__(self, show: Progress) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        self._show(record.getMessage())
