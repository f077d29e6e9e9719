"""Waivers: a person takes a failed gate upon themselves, for one day and one raw content.

A waiver is for the layer, the last day judged and the version of the raw rows: once a delivery
changes them, the gate holds again. Nothing is ever deleted.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb

from expectations.check import LAYERS, Layer
from orchestration.errors import TenureError


class WaiverError(TenureError):
    """The waiver does not say what, why or who."""


def create_waivers(con: duckdb.DuckDBPyConnection) -> None:
    """The table of waivers; safe to call again. Times are UTC."""
    con.execute("create schema if not exists control")
    con.execute(
        "create table if not exists control.gate_waivers (layer varchar, through date, "
        "version bigint, basis varchar, reason varchar, who varchar, waived_at timestamp)"
    )
    # Homes of before bases were recorded: what was accepted then is asked again.
    con.execute("alter table control.gate_waivers add column if not exists basis varchar")


def waive(
    con: duckdb.DuckDBPyConnection,
    layer: Layer,
    through: date,
    version: int,
    basis: str,
    reason: str,
    who: str,
) -> None:
    """Record that `who` accepts the layer as it is through that day, and why.

    `version` and `basis` say which raw content, code and policies it was built from: with others,
    the question is put again.
    """
    if layer not in LAYERS:
        raise WaiverError(f"no gate is called {layer!r}; gates are: {', '.join(LAYERS)}")
    if not reason.strip() or not who.strip():
        raise WaiverError("a waiver needs a reason and the name of who gives it")
    create_waivers(con)
    con.execute(
        "insert into control.gate_waivers (layer, through, version, basis, reason, who, waived_at) "
        "values (?, ?, ?, ?, ?, ?, ?)",
        [layer, through, version, basis, reason, who, datetime.now(UTC).replace(tzinfo=None)],
    )


def is_waived(
    con: duckdb.DuckDBPyConnection, layer: Layer, through: date, version: int, basis: str
) -> bool:
    """Whether somebody accepted this layer through this day, for this content, code and policy."""
    create_waivers(con)
    found = con.execute(
        "select 1 from control.gate_waivers where layer = ? and through = ? and version = ? "
        "and basis = ?",
        [layer, through, version, basis],
    ).fetchone()
    return found is not None


def accepted_through(con: duckdb.DuckDBPyConnection, layer: Layer, basis: str) -> date | None:
    """The last day up to which somebody accepted the layer, if nothing up to it changed since.

    A replay of such days does not ask again for what was decided.
    """
    create_waivers(con)
    row = con.execute(
        """
        select max(w.through) from control.gate_waivers as w
        where w.layer = ? and w.basis = ? and not exists (
            select 1 from control.day_versions as d
            where d.loaded_on <= w.through and d.version > w.version
        )
        """,
        [layer, basis],
    ).fetchone()
    through: date | None = row[0] if row else None
    return through
