"""Who is judged otherwise: the verdicts as they were judged beside those of the scratch file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.rejudge.judgements import Judgement
from orchestration.rejudge.scratch import AS_JUDGED

_LATE = (
    "(select string_agg(table_name || ': ' || rows || ' known from ' || first_known_on || ' to ' "
    "|| last_known_on, '; ' order by table_name) from (select table_name, count(*) as rows, "
    "min(known_on) as first_known_on, max(known_on) as last_known_on from late_rows as l "
    "where l.customer_key = m.customer_key group by table_name)) as late_rows, "
)


@dataclass(frozen=True)
class Move:
    """Customers of a month who go from one verdict to the same other one."""

    family: str
    month: date
    before: str | None
    after: str | None
    direction: str
    customers: int
    assets: Decimal | None


def compare(con: duckdb.DuckDBPyConnection, judged: Sequence[Judgement]) -> list[Move]:
    """All moves by family, month and verdicts; `assets` in the reporting currency."""
    _moves(con, judged)
    found = con.execute(
        "select family, month, verdict_before, verdict_after, direction, count(*), sum(assets) "
        "from moves group by all order by family, month, min(rank_before), min(rank_after), "
        "verdict_before, verdict_after"
    )
    return [Move(*row) for row in found.fetchall()]


def judged_alike(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, date], int]:
    """Per family and month how many verdicts were compared, moved or not."""
    rows = con.execute("select family, month, verdicts from compared").fetchall()
    return {(family, month): verdicts for family, month, verdicts in rows}


def write_moves(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Every move as a row of a CSV file, with its late rows where those are known: how many."""
    tables = con.execute("select table_name from duckdb_tables()").fetchall()
    late = _LATE if ("late_rows",) in tables else ""
    con.execute(
        f"copy (select family, month, customer_key, verdict_before, verdict_after, direction, "
        f"{late}assets from moves as m order by all) to ? (format csv, header)",
        [str(path)],
    )
    row = con.execute("select count(*) from moves").fetchone()
    assert row is not None
    return int(row[0])


def late_rows_of_movers(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    """Per delivered table: customers who moved and have late rows in it, and how many rows."""
    found = con.execute(
        "select table_name, count(distinct customer_key), count(*) from late_rows "
        "semi join moves using (customer_key) group by table_name order by 3 desc, 1"
    )
    return found.fetchall()


def write_late_rows(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The late rows of who moves, each with its days, file and line, as CSV: how many."""
    con.execute(
        "copy (from late_rows semi join moves using (customer_key) order by all) "
        "to ? (format csv, header)",
        [str(path)],
    )
    return sum(rows for *_, rows in late_rows_of_movers(con))


def _moves(con: duckdb.DuckDBPyConnection, judged: Sequence[Judgement]) -> None:
    pairs = " union all ".join(_pairs(one) for one in judged)
    con.execute(f"create temp table pairs as {pairs}")
    con.execute(
        "create temp table compared as select family, month, count(*) as verdicts "
        "from pairs group by all"
    )
    con.execute(
        "create temp table moves as select *, case "
        "when verdict_before is null then 'judged only now' "
        "when verdict_after is null then 'judged no more' "
        "when rank_after > rank_before then 'up' "
        "when rank_after < rank_before then 'down' else 'other' end as direction "
        "from pairs where verdict_before is distinct from verdict_after"
    )


def _pairs(one: Judgement) -> str:
    rank = one.rank or "null"
    assets = one.assets or "null"
    columns = (
        f"{one.family} as family, month, customer_key, {one.verdict} as verdict, "
        f"cast({rank} as integer) as rank, cast({assets} as decimal(38, 2)) as assets"
    )
    return (
        "select family, month, customer_key, b.verdict as verdict_before, "
        "a.verdict as verdict_after, b.rank as rank_before, a.rank as rank_after, "
        "coalesce(b.assets, a.assets) as assets "
        f"from (select {columns} from {AS_JUDGED}.{one.table}) as b "
        f"full outer join (select {columns} from marts.{one.table} where month >= "
        f"(select min(month) from {AS_JUDGED}.{one.table})) as a "
        "using (family, month, customer_key)"
    )
