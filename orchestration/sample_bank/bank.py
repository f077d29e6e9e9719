"""The bank under construction: its engine, its chance, and the rows waiting to be delivered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing.contract import Contract, TableContract
from orchestration.sample_bank.options import Month, Request, calendar_of

# Chance is a hash of the seed, a stream's name and the ids it is for: no state, so no order of
# execution and no number of threads can change a draw. DuckDB combines hashes with an exclusive
# or; the outer hash breaks the dependence between streams that this would leave.
MACROS = """
create macro uh(stream, h) as
    (hash(hash(hash({seed}::bigint, stream), h)) >> 11)::double / 9007199254740992.0;
create macro u(stream, a, b) as uh(stream, hash(a::bigint, b::bigint));
create macro z(q) as
    (pow(greatest(q, 1e-9), 0.135) - pow(greatest(1 - q, 1e-9), 0.135)) / 0.1975;
create macro n01(stream, a, b) as z(u(stream, a, b));
create macro fraction(x) as x - floor(x);
create macro pick(list_, stream, a, b) as
    list_[1 + floor(u(stream, a, b) * len(list_))::bigint];
create macro money(cents) as (cents::bigint * 0.01::decimal(3, 2))::decimal(18, 2);
create macro customer_no(cid) as 'C' || lpad(cid::varchar, 9, '0');
create macro account_no(aid) as 'A' || lpad(aid::varchar, 11, '0');
create macro loan_no(aid) as 'L' || lpad(aid::varchar, 11, '0');
"""


class Bank:
    """Connection, request and calendar, shared by the modules that build the parts."""

    def __init__(self, request: Request, contract: Contract, scratch: Path) -> None:
        self.request = request
        self.volumes = request.volumes
        self.contract = contract
        self.months: list[Month] = calendar_of(request.start, request.months)
        self.con = duckdb.connect(
            ":memory:",
            config={
                "threads": self.volumes.threads,
                "memory_limit": self.volumes.memory_limit,
                "temp_directory": str(scratch),
                "preserve_insertion_order": True,
            },
        )
        self.run(MACROS.format(seed=request.seed))
        for name in contract.tables:
            self.open_pending(name)

    def open_pending(self, name: str) -> None:
        """An empty queue of undelivered rows of a table."""
        columns = ", ".join(
            f"{column} {spec.duckdb_type}"
            for column, spec in self.contract.tables[name].columns.items()
        )
        self.run(
            f"create or replace table pending_{name} ({columns}, loaded_on date,"
            " sent tinyint default 0, fate varchar default 'accepted')"
        )

    @property
    def end(self) -> date:
        """Last day of the bank."""
        return self.months[-1].end

    @property
    def days(self) -> int:
        """Days of the bank."""
        return (self.end - self.request.start).days + 1

    def run(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Execute and return the connection with the result."""
        return self.con.execute(sql)

    def emit(self, table: str, select: str) -> None:
        """Queue rows for delivery: contract columns by name, `loaded_on`, perhaps `sent`, `fate`.

        Rows of after the bank's last day are never delivered.
        """
        self.run(
            f"insert into pending_{table} by name"
            f" select * from ({select}) where loaded_on <= {day(self.end)}"
        )


def day(value: date) -> str:
    """A date as an SQL literal."""
    return f"date '{value.isoformat()}'"


def text_list(values: list[str] | tuple[str, ...]) -> str:
    """Words as an SQL list literal."""
    return "[" + ", ".join(f"'{value}'" for value in values) + "]"


def line_of(table: TableContract) -> str:
    """SQL expression for a row's line of text; only free text may need quotes."""
    parts = []
    for name, column in table.columns.items():
        is_free = column.type == "string" and not (column.codes or column.max_length)
        value = f"""'"' || replace({name}, '"', '""') || '"'""" if is_free else f"{name}::varchar"
        parts.append(f"coalesce({value}, '')")
    return " || ',' || ".join(parts) + " || chr(10)"
