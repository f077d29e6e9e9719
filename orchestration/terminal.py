"""The terminal that commands print to: width, progress and the last word of an error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

Progress = Callable[[str], None]

# Tables keep their columns where there is no terminal to fit them into.
_WIDTH = None if sys.stdout.isatty() else 140
# Without markup: reasons, file names and column names may hold square brackets.
console = Console(width=_WIDTH, markup=False)
errors = Console(stderr=True, width=_WIDTH, markup=False)
ACT = 1


def complain(sentence: str) -> None:
    """Says what a person must act on, and ends with a non-zero status."""
    errors.print("error: ", style="red", end="")
    errors.print(sentence, highlight=False, soft_wrap=True)
    sys.exit(ACT)


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A line per step, and on a terminal a spinner below them."""
    with console.status(Text(title)):

        def show(message: str) -> None:
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
