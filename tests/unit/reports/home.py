"""A console that is read, and homes whose warehouse holds just what a report looks at."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
from rich.console import Console

from expectations.check import CheckOutcome
from expectations.results import create_results
from expectations.waivers import create_waivers
from orchestration.settings import Settings, load_settings
from orchestration.state import Mark, Window, create_state, write_mark
from orchestration.warehouse import open_warehouse

_LINES = re.compile(r"[\u2500-\u257f\s]+")
FIRST, LAST = date(2024, 1, 1), date(2024, 6, 30)
FAILED = CheckOutcome(
    layer="facts",
    check="unassigned_balances",
    table="fct_customer_month",
    severity="error",
    passed=False,
    broken=False,
    observed=0.0123456789,
    expected="at most 0.01",
    failing_rows=4,
    samples=({"month": "2024-06-01", "unassigned": "3069.06"},),
    reason="Balances without a customer count for nobody.",
    unit="share of all balances",
)


def days(first: date, last: date) -> Window:
    """Both included."""
    return Window(first, last + timedelta(days=1))


def said(report: Callable[[Console], object], width: int = 140) -> str:
    """What a report prints, on one line, without the lines of tables."""
    console = Console(width=width, no_color=True, highlight=False, markup=False)
    with console.capture() as captured:
        report(console)
    return _LINES.sub(" ", captured.get()).strip()


def home(path: Path, fill: Callable[[duckdb.DuckDBPyConnection], None]) -> Settings:
    """A home that is built up to facts, and that `fill` has put something into."""
    settings = load_settings(home=path, first_day=FIRST)
    with open_warehouse(settings) as con:
        create_state(con)
        create_results(con)
        create_waivers(con)
        write_mark(con, "policy", Mark(0, FIRST, "0123456789abcdef"))
        write_mark(con, "policy.passed", Mark(0, FIRST, "0123456789abcdef"))
        for layer in ("raw", "staging", "facts"):
            write_mark(con, layer, Mark(7, LAST, "code"))
            write_mark(con, f"{layer}.passed", Mark(7, LAST, "code"))
        fill(con)
    return settings
