"""Publishing: what a day costs, written anew and as changes to a copy, and how the file grows.

    python benchmarks/publish_readers.py [--months 40] [--customers 500000] [--days 60]

Builds a warehouse with one month-grained table of months x customers rows and one table of a row
per customer, then publishes day after day, rewriting the running month. Prints one line per
figure: seconds of a publish from nothing, of a publish of one day's changes, bytes of the file
and its share of free blocks over the days. Times on a shared machine: compare within one run.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from orchestration.publish.publisher import PublishedVersion, publish
from orchestration.publish.tables import PublishedTable

TABLES = [PublishedTable("tier_month", month_column="month"), PublishedTable("dim_customer")]
# Columns of the kinds that marts have: keys, codes, money, ratios.
MEASURES = """
    ('r' || (hash(k, m) % 5))::varchar as tier,
    (hash(k, m, 1) % 100000000 / 100)::decimal(18, 2) as assets,
    (hash(k, m, 2) % 1000000 / 100)::decimal(18, 2) as income,
    (hash(k, m, 3) % 1000000 / 1000000)::decimal(18, 6) as share,
    (hash(k, m, 4) % 30)::integer as products,
    hash(k, m, 5) % 3 = 0 as watched,
    'rule ' || (hash(k, m, 6) % 12) as reason,
"""


def months_before(count: int, last: date) -> list[date]:
    """First days of the given number of months, ending with the last's."""
    first = last.year * 12 + last.month - count
    return [date(n // 12, n % 12 + 1, 1) for n in range(first, first + count)]


def build_warehouse(path: Path, months: int, customers: int) -> None:
    """Closed months and a running one; rows of a month lie together, as daily runs leave them."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        for n, month in enumerate(months_before(months, date(2024, 3, 1))):
            head = "insert into marts.tier_month" if n else "create table marts.tier_month as"
            con.execute(
                f"{head} select last_day(date '{month}') as month, k as customer_key, "
                f"{MEASURES} from range({customers}) as c(k), (values ({n})) as v(m)"
            )
        con.execute(
            f"create table marts.dim_customer as select k as customer_key, {MEASURES} "
            f"from range({customers}) as c(k), (values (0)) as v(m)"
        )


def next_day(path: Path, day: int, customers: int) -> None:
    """The running month is rewritten; one customer in a hundred changes in the other table."""
    with duckdb.connect(str(path)) as con:
        con.execute("delete from marts.tier_month where month >= date '2024-03-01'")
        con.execute(
            f"insert into marts.tier_month select date '2024-03-31', k, {MEASURES} "
            f"from range({customers}) as c(k), (values ({1000 + day})) as v(m)"
        )
        con.execute(
            f"update marts.dim_customer set assets = assets + {day}.01 "
            f"where customer_key % 100 = {day % 100}"
        )


def timed(action: Callable[[], PublishedVersion]) -> tuple[float, PublishedVersion]:
    """Seconds and result."""
    began = time.perf_counter()
    result = action()
    return time.perf_counter() - began, result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--months", type=int, default=40)
    parser.add_argument("--customers", type=int, default=500_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--full-every", type=int, default=10, help="time a full one so often")
    parser.add_argument("--steps", action="store_true", help="print each step of the first days")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="tenure-publish-"))
    try:
        measure(home, options)
    finally:
        shutil.rmtree(home)


def measure(home: Path, options: argparse.Namespace) -> None:
    """One series of days."""
    warehouse = home / "warehouse.duckdb"
    build_warehouse(warehouse, options.months, options.customers)
    print(
        f"{options.months * options.customers:,} rows, "
        f"warehouse {warehouse.stat().st_size / 1e6:,.0f} MB"
    )
    began = time.perf_counter()

    def step(message: str) -> None:
        if options.steps:
            print(f"    {time.perf_counter() - began:7.2f} {message}")

    def run(day: int, published: str, full: bool) -> None:
        nonlocal began
        began = time.perf_counter()
        seconds, done = timed(
            lambda: publish(
                warehouse,
                home / published,
                TABLES,
                date(2024, 3, 1 + day % 31),
                {},
                keep_versions=1,
                keep_hours=0,
                full=full,
                changed_since=None if full else date(2024, 3, 1),
                progress=step,
            )
        )
        print(
            f"day {day:3d} {done.record.method:16s} {seconds:6.2f} s "
            f"{done.record.bytes / 1e6:8,.0f} MB {done.record.free_share:6.1%} free",
            flush=True,
        )

    run(0, "published", full=True)
    for day in range(1, options.days + 1):
        next_day(warehouse, day, options.customers)
        run(day, "published", full=False)
        if day % options.full_every == 0:
            run(day, "published_full", full=True)


if __name__ == "__main__":
    main()
