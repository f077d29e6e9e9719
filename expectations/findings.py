"""What gates have found and nobody has judged again since.

A finding is a check that did not hold, on the days it was judged for. It stands until the gate of
its layer has judged all of these days again: a judgement of fewer days says nothing of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import duckdb

Level = Literal["broken", "error", "accepted", "warning"]

# The newest of one check and table tell whether it goes on; the older ones are counted.
NEWEST = 3

# A judgement that a later one of the same layer covers. Windows reach to the frontier, so mostly
# one later judgement covers all days of an earlier one, or leaves its first days alone.
JUDGED_AGAIN = """
    select earlier.layer, earlier.evaluated_at
    from judgements as earlier
    semi join judgements as later
        on earlier.layer = later.layer
        and earlier.evaluated_at < later.evaluated_at
        and earlier.window_start >= later.window_start
        and earlier.window_end <= later.window_end
"""
_STANDING = f"""
    with judgements as (
        select distinct layer, evaluated_at, window_start, window_end from control.gate_results
    ),
    judged_again as ({JUDGED_AGAIN}),
    accepted as (
        select distinct layer, through + 1 as window_end, version from control.gate_waivers
    ),
    standing as (
        select found.*, accepted.layer is not null as is_accepted,
            row_number() over same_check as nth, count(*) over same_check as times
        from control.gate_results as found
        anti join judged_again using (layer, evaluated_at)
        left join accepted using (layer, window_end, version)
        where found.broken or not found.passed
        window same_check as (
            partition by layer, table_name, check_name order by evaluated_at desc
            rows between unbounded preceding and unbounded following
        )
    )
    select layer, window_start, window_end - 1, evaluated_at,
        case
            when is_accepted and (broken or severity = 'error') then 'accepted'
            when broken then 'broken'
            when severity = 'error' then 'error'
            else 'warning'
        end as level,
        check_name, table_name, observed, expected, unit, failing_rows, reason, error,
        case when nth = {NEWEST} then times - nth else 0 end as older
    from standing
    where nth <= {NEWEST}
    order by list_position(['broken', 'error', 'accepted', 'warning'], level),
        list_position(['policy', 'raw', 'staging', 'facts', 'marts'], layer),
        check_name, table_name, evaluated_at desc
"""


@dataclass(frozen=True)
class Finding:
    """A check that did not hold, for the days `first` to `through`, both included."""

    layer: str
    first: date
    through: date
    evaluated_at: datetime
    level: Level
    check: str
    table: str
    observed: str | None
    expected: str
    unit: str
    failing_rows: int | None
    reason: str
    error: str | None
    # Findings of the same check and table that stand for earlier days and are not listed.
    older: int

    @property
    def days(self) -> str:
        """The days judged, in words."""
        return (
            f"{self.through}" if self.first == self.through else f"{self.first} to {self.through}"
        )


def standing_findings(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """What stands, most serious first: of every check and table the newest, and how many more.

    Reads only: where no gate was ever run there is nothing.
    """
    there = con.execute(
        "select count(*) from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'control' and table_name in ('gate_results', 'gate_waivers')"
    ).fetchone()
    if there != (2,):
        return []
    return [Finding(*row) for row in con.execute(_STANDING).fetchall()]
