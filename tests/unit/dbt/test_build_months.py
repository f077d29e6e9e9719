"""The months that a window touches, as models join them."""

from __future__ import annotations

import datetime
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from jinja2 import Environment

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros" / "engine" / "window.sql"


def months(start: str, end: str) -> list[tuple[Any, ...]]:
    """What build_months says of the window [start, end)."""
    globals_ = {
        "var": {"window_start": start, "window_end": end}.__getitem__,
        "modules": SimpleNamespace(datetime=datetime),
    }
    module = Environment().from_string(MACROS.read_text(), globals=globals_).module
    query = module.build_months()  # type: ignore[attr-defined]
    return duckdb.connect().execute(f"from ({query}) order by month").fetchall()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        # A day in the month, its last day, and the first of the next.
        ("2024-02-27", "2024-02-28", [("2024-02-01", "2024-02-28", "2024-02-27", 27, False)]),
        ("2024-02-29", "2024-03-01", [("2024-02-01", "2024-03-01", "2024-02-29", 29, True)]),
        (
            "2023-12-31",
            "2024-01-02",
            [
                ("2023-12-01", "2024-01-01", "2023-12-31", 31, True),
                ("2024-01-01", "2024-01-02", "2024-01-01", 1, False),
            ],
        ),
    ],
)
def test_windows_are_half_open(start: str, end: str, expected: list[tuple[Any, ...]]) -> None:
    found = months(start, end)
    told = [(str(m), str(e), str(j), days, closed) for m, _, e, j, days, closed in found]
    assert told == expected


def test_no_window_is_too_long() -> None:
    found = months("1700-01-01", "2024-05-11")
    assert len(found) == 324 * 12 + 5
    assert [row[1] for row in found[:-1]] == [row[0] for row in found[1:]]
    assert (found[0][0], found[-1][3]) == (date(1700, 1, 1), date(2024, 5, 10))
