"""Long lists in a line of the log."""

from __future__ import annotations

from collections.abc import Sequence

_NAMED = 3


def few(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"
