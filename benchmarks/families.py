"""What all families of verdicts cost, from facts to marts, against one scan of the facts.

Generates a bank of two months and builds its facts; draws these out to the months asked for, every
later month like the last one; judges all of them. Prints seconds, memory and the ratio.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Console

from benchmarks.process import measure
from orchestration.dbt.project import DbtProject
from orchestration.gatekeeper import judge_layer
from orchestration.pipeline import Bank
from orchestration.portions import portions
from orchestration.sample_bank.generate import generate
from orchestration.settings import REPOSITORY, load_settings
from orchestration.state import Window
from orchestration.warehouse import open_warehouse

START = date(2021, 1, 1)
MADE = Window(START, date(2021, 3, 1))
LAST_MADE = date(2021, 2, 1)
# Facts of which every later month is like the last one made, and what moves with the month.
DRAWN = {
    "fct_customer_month": "{month} as month, last_day({month}) as judged_on",
    "int_customer_items": "{month} as month",
    "int_customer_spread": "{month} as month",
    "int_customer_branch": "{month} as month",
    "int_channel_use": "{month} as month",
}
console = Console(width=120)


def main(
    customers: Annotated[int, typer.Option(help="Size of the bank.")] = 100_000,
    months: Annotated[int, typer.Option(help="Months judged.")] = 24,
    home: Annotated[Path, typer.Option(help="Scratch folder.")] = REPOSITORY / "var" / "bench",
) -> None:
    """Measure, and print the figures."""
    shutil.rmtree(home, ignore_errors=True)
    made = measure("benchmarks.families", "prepare", str(home), str(customers), str(months))
    console.print(f"facts made in {made.seconds:.0f} s", highlight=False)
    judged = measure("benchmarks.families", "judge", str(home), str(months))
    scanned = measure("benchmarks.families", "scan", str(home))
    seconds, scan = float(judged.output), float(scanned.output)
    console.print(f"{customers} customers, {months} months", highlight=False)
    for name, value in {
        "families_s": seconds,
        "families_processor_s": judged.cpu_seconds,
        "seconds_per_million_customer_months": seconds / customers / months * 1e6,
        "facts_scan_s": scan,
        "families_to_scan_ratio": seconds / scan,
        "peak_memory_gib": judged.peak_gib,
    }.items():
        console.print(f"{name} {value:.2f}", highlight=False)


def prepare(home: Path, customers: int, months: int) -> None:
    """A bank of two months with facts, drawn out to `months`."""
    generate(home, customers, START, 2, 1, file_format="parquet")
    (home / "tenure.toml").write_text(f'first_day = "{START}"\n')
    bank = Bank(load_settings(home=home))
    bank.build_policy()
    judge_layer(bank.settings, "policy", None, "benchmark")
    bank.load_raw(MADE)
    judge_layer(bank.settings, "raw", MADE, "benchmark")
    for layer in ("staging", "facts"):
        bank.build_layer(layer, MADE)
        judge_layer(bank.settings, layer, MADE, "benchmark")
    with open_warehouse(bank.settings) as con:
        for later in range(1, months - 1):
            for table, moved in DRAWN.items():
                con.execute(_drawn(table, moved, later))
            con.execute(_trail_of(con, later))


def _drawn(table: str, moved: str, later: int) -> str:
    """A month's facts that are those of the last month made."""
    dates = moved.format(month=_month(later))
    return (
        f"insert into facts.{table} select * replace ({dates}) "
        f"from facts.{table} as made where month = date '{LAST_MADE}'"
    )


def _trail_of(con: duckdb.DuckDBPyConnection, later: int) -> str:
    """A month's trail: totals grow every month by what they grew by in the last one made."""
    names = [name for name, *_ in con.execute("from facts.fct_customer_trail limit 0").description]
    totals = [name for name in names if name.startswith("total_") or name.endswith("_known")]
    grown = ", ".join(
        f"made.{name} + {later} * (made.{name} - coalesce(before.{name}, 0)) as {name}"
        for name in totals
    )
    return (
        "insert into facts.fct_customer_trail by name select made.* replace ("
        f"{_month(later)} as month, last_day({_month(later)}) as judged_on, {grown}) "
        "from facts.fct_customer_trail as made left join facts.fct_customer_trail as before "
        f"on made.customer_key = before.customer_key and before.month = date '{START}' "
        f"where made.month = date '{LAST_MADE}'"
    )


def _month(later: int) -> str:
    return f"cast(made.month + interval {later} month as date)"


def judge(home: Path, months: int) -> float:
    """Seconds of building all marts of the months, in portions as a run does it."""
    settings = load_settings(home=home)
    project = DbtProject(settings)
    year, month = divmod(START.month - 1 + months, 12)
    window = Window(START, date(START.year + year, month + 1, 1))
    project.manifest  # noqa: B018  # parsed before the clock starts
    started = time.monotonic()
    with open_warehouse(settings, read_only=True) as con:
        parts = portions(con, window, settings.customer_months_at_once)
    for part in parts:
        project.judge(["fqn:tenure.marts"], part, START)
    return time.monotonic() - started


def scan(home: Path) -> float:
    """Seconds of reading every column of the facts per customer and month once."""
    settings = load_settings(home=home)
    with open_warehouse(settings, read_only=True) as con:
        started = time.monotonic()
        for table in (*DRAWN, "fct_customer_trail"):
            con.execute(f"select max(columns(*)) from facts.{table}").fetchall()
        return time.monotonic() - started


def _step() -> None:
    name, home, *numbers = sys.argv[1:]
    steps: dict[str, Callable[..., float | None]] = {
        "prepare": prepare, "judge": judge, "scan": scan,
    }  # fmt: skip
    step = steps[name]
    found = step(Path(home), *(int(number) for number in numbers))
    if found is not None:
        print(found)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("prepare", "judge", "scan"):
        _step()
    else:
        typer.run(main)
