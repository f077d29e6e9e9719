"""Fits of all models for the closed months of a window, oldest first."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from orchestration.forward.chain import fit_chain
from orchestration.forward.fit import Fit, believed
from orchestration.forward.purchases import fit_purchases
from orchestration.forward.staying import fit_stays
from orchestration.forward.store import create_fits, forget_from, last_good, write
from orchestration.forward.terms import Terms, read_terms
from orchestration.state import ONE_DAY, Window

_ROOMS = (Path(__file__).parent, Path(__file__).parents[1] / "value")
_VERSION_LENGTH = 16


@dataclass(frozen=True)
class Fitted:
    """A month's fit of a model, as it was kept."""

    month: date
    fit: Fit


@cache
def code_version() -> str:
    """Identifies the code that fits come from: this room and the models' mathematics."""
    digest = hashlib.sha256()
    for path in sorted(path for room in _ROOMS for path in room.glob("*.py")):
        digest.update(f"{path.parent.name}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()[:_VERSION_LENGTH]


def fit_window(con: duckdb.DuckDBPyConnection, window: Window) -> list[Fitted]:
    """Replaces the fits of the window's months. Months still running have none.

    One transaction: readers of the tables find all of a window's fits or none.
    """
    create_fits(con)
    con.begin()
    forget_from(con, window.start.replace(day=1))
    found = []
    for month in closed_months(window):
        last_day = date(month.year, month.month, monthrange(month.year, month.month)[1])
        found += _fit_month(con, month, read_terms(con, last_day))
    con.commit()
    return found


def closed_months(window: Window) -> list[date]:
    """First days of the window's months that have ended by its last day."""
    months: list[date] = []
    month = window.start.replace(day=1)
    while True:
        days = monthrange(month.year, month.month)[1]
        following = month.replace(day=days) + ONE_DAY
        if following > window.end:
            return months
        months.append(month)
        month = following


def _fit_month(con: duckdb.DuckDBPyConnection, month: date, terms: Terms) -> list[Fitted]:
    fits = [
        fit_chain(con, month, terms),
        *fit_stays(con, month, terms),
        *fit_purchases(con, month, terms),
    ]
    kept = []
    for fit in fits:
        judged = believed(fit, last_good(con, fit.model, month, terms), terms.drift_share)
        write(con, month, judged, terms, code_version())
        kept.append(Fitted(month, judged))
    return kept
