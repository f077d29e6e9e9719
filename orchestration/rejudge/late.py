"""Which rows came after their month had been judged, and so can change what is said of it."""

from __future__ import annotations

from datetime import date

import duckdb

from orchestration.keys import surrogate_key_sql
from orchestration.landing.contract import Contract, TableContract

# How a delivered row leads to its customer: by its number, or that of an account or loan as known
# today.
_OWNERS = {
    "customer": "select distinct {key} as link, {key} as customer_key from {rows}",
    "account": "select account_key as link, max_by(customer_key, (effective_on, known_on)) "
    "as customer_key from home.staging.stg_accounts group by account_key",
    "loan": "select loan_key as link, max_by(customer_key, (effective_on, known_on)) "
    "as customer_key from home.staging.stg_loans group by loan_key",
}


def find_late_rows(
    con: duckdb.DuckDBPyConnection, contract: Contract, salt: str, first_day: date, end: date
) -> None:
    """Table late_rows: customer_key, delivered table, day spoken of, day known, file and line.

    Those are what speaks of a day before `end` and became known only after the month of that day.
    What the first delivery brought was known as early as anything.
    """
    con.execute(
        "create table late_rows (customer_key bigint, table_name varchar, happened_on date, "
        "known_on date, file varchar, line bigint)"
    )
    days = {"first_day": first_day, "end": end}
    for name, table in contract.tables.items():
        entity = next((one for one in _OWNERS if f"{one}_id" in table.columns), None)
        if entity is not None:
            con.execute(_late(name, table, entity), days | {"salt": salt})


def _late(name: str, table: TableContract, entity: str) -> str:
    rows = f"home.raw.{name}"
    key = surrogate_key_sql(entity, f"{entity}_id")
    return (
        f"insert into late_rows select owners.customer_key, '{name}', late.* exclude (link) "
        f"from (select {key} as link, {table.happened}, loaded_on, file_id, line_no from {rows} "
        f"where row_status = 'accepted' and {table.happened} < $end "
        f"and loaded_on >= date_trunc('month', {table.happened}) + interval 1 month "
        "and loaded_on > $first_day) as late "
        f"inner join ({_OWNERS[entity].format(key=key, rows=rows)}) as owners "
        "on late.link = owners.link"
    )
