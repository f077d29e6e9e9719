"""A toy warehouse whose every state can be told from one whole: see ``CONSISTENT``.

As a script it publishes state after state until it is killed.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish.publisher import PublishedVersion, publish
from orchestration.publish.tables import PublishedTable

TABLES = [
    PublishedTable("tier_month", month_column="month", description="one row per customer, month"),
    PublishedTable("tier_total", description="the sum of tier_month"),
    PublishedTable("tier_latest", is_view=True),
]
RUNNING = date(2024, 3, 1)
# One state: the running month, the totals and the view carry one stamp and agree on the sum.
CONSISTENT = """
    select
        min(m.stamp) = max(m.stamp) and min(m.stamp) = any_value(t.stamp)
        and sum(m.amount) = any_value(t.latest) and count(*) = any_value(t.customers)
        and any_value(t.everything) = (select sum(amount) from tier_month)
        and (select count(*) from tier_latest) = count(*),
        any_value(t.stamp),
    from tier_month as m, tier_total as t
    where m.month = (select max(month) from tier_month)
"""


def create_warehouse(path: Path, customers: int = 40) -> None:
    """Two closed months and a running one, state 0."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.tier_month as select month, customer_key, 0 as stamp, "
            "(customer_key * 1.25)::decimal(18, 2) as amount from range(?) as c(customer_key), "
            "(values (date '2024-01-31'), (date '2024-02-29'), (date '2024-03-31')) as m(month)",
            [customers],
        )
        con.execute(
            f"create view marts.tier_latest as select * from {path.stem}.marts.tier_month "
            "where month = (select max(month) from marts.tier_month)"
        )
    set_state(path, 0)


def set_state(path: Path, stamp: int) -> None:
    """Rewrite the running month and what follows from it."""
    change(
        path,
        f"update marts.tier_month set stamp = {stamp}, amount = (customer_key + {stamp}) * 1.25 "
        "where month = date '2024-03-31'",
        "create or replace table marts.tier_total as select max(stamp) as stamp, "
        "sum(amount) filter (month = date '2024-03-31') as latest, "
        "count(*) filter (month = date '2024-03-31') as customers, "
        "sum(amount) as everything from marts.tier_month",
    )


def change(path: Path, *statements: str) -> None:
    """Run statements in the warehouse."""
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)


def publish_toy(home: Path, **options: Any) -> PublishedVersion:
    """Publish <home>/warehouse.duckdb to <home>/published with the toy's usual arguments."""
    arguments: dict[str, Any] = {
        "tables": TABLES,
        "as_of": date(2024, 3, 31),
        "provenance": {"policy_hash": "p1", "code_version": "c1"},
        "keep_versions": 3,
        "keep_hours": 24.0,
        "engine": {"threads": 1},
    }
    return publish(home / "warehouse.duckdb", home / "published", **{**arguments, **options})


def publish_for_ever(home: Path, stamp: int) -> None:
    """Publish state after state; only a kill ends it."""
    while True:
        stamp += 1
        set_state(home / "warehouse.duckdb", stamp)
        publish_toy(home, changed_since=RUNNING, keep_versions=2, keep_hours=0.0)


if __name__ == "__main__":
    publish_for_ever(Path(sys.argv[1]), int(sys.argv[2]))
