"""What a day costs: against the bare engine, after a long history, and as a range of days.

Generates a bank, loads its first months, runs days, loads the rest, runs the same days again and
then thirty days as one range. Prints seconds and peak memory per step, then one line a figure.
"""

from __future__ import annotations

import json
import shutil
import statistics
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.bare_engine import statements
from benchmarks.process import Measured, measure
from orchestration.dbt.project import DbtProject
from orchestration.settings import REPOSITORY, load_settings

START = date(2021, 1, 1)
RANGE_DAYS = 30
console = Console(width=120)


def main(
    customers: Annotated[int, typer.Option(help="Size of the bank.")] = 20_000,
    history: Annotated[int, typer.Option(help="Months of the long history.")] = 36,
    short: Annotated[int, typer.Option(help="Months of the short one.")] = 3,
    days: Annotated[int, typer.Option(help="Days run at each length; the median counts.")] = 3,
    home: Annotated[Path, typer.Option(help="Scratch folder.")] = REPOSITORY / "var" / "bench",
) -> None:
    """Measure, and print the figures."""
    shutil.rmtree(home, ignore_errors=True)
    bank = Benchmark(home, customers)
    bank.generate(history + 2)
    bank.run("load of the short history", START, _after(short))
    young = bank.days(f"day after {short} months", _after(short), days)
    bank.run("load of the long history", START, _after(history))
    old = bank.days(f"day after {history} months", _after(history), days)
    bare = bank.bare_engine(_after(history) + timedelta(days=days), days)
    since = _after(history) + timedelta(days=days + 1)
    ranged = bank.run("range of 30 days", since, since + timedelta(days=RANGE_DAYS - 1))
    figures = {
        "daily_overhead_ratio": old / bare,
        "daily_fixed_overhead_s": old - bare,
        "history_growth_ratio": old / young,
        "range_amortisation_ratio": ranged.seconds / old,
        "peak_memory_gib": bank.peak_gib,
        "bare_engine_s": bare,
        "daily_run_s": old,
        "range_30_days_s": ranged.seconds,
    }
    console.print(f"\n{customers} customers, {history} months")
    for name, value in figures.items():
        console.print(f"{name} {value:.2f}", highlight=False)


class Benchmark:
    """One bank in a scratch home, and what was measured of it."""

    def __init__(self, home: Path, customers: int) -> None:
        self.home = home
        self.customers = customers
        self.peak_gib = 0.0

    def generate(self, months: int) -> None:
        """Writes the bank's deliveries as Parquet."""
        done = measure(
            "orchestration.cli",
            "generate",
            "--home",
            str(self.home),
            "--customers",
            str(self.customers),
            "--months",
            str(months),
            "--start",
            str(START),
            "--file-format",
            "parquet",
        )
        console.print(f"generated {months} months in {done.seconds:.1f} s, {done.peak_gib:.2f} GiB")

    def run(self, title: str, first: date, last: date) -> Measured:
        """Runs a range of days as one process, and shows its steps."""
        done = measure(
            "benchmarks.timed_run",
            *("--home", str(self.home), "--from", str(first), "--to", str(last)),
        )
        self.peak_gib = max(self.peak_gib, done.peak_gib)
        _show(f"{title}: {first} to {last}", done)
        return done

    def days(self, title: str, after: date, count: int) -> float:
        """Runs the days after a date one by one; the median seconds of a whole process."""
        seconds = [
            self.run(title, after + timedelta(days=n), after + timedelta(days=n)).seconds
            for n in range(1, count + 1)
        ]
        return statistics.median(seconds)

    def bare_engine(self, day: date, repeats: int) -> float:
        """Median seconds of the compiled SQL of the last run, which was of `day`, in a bare engine,
        on a copy.
        """
        settings = load_settings(home=self.home)
        copy = self.home / "bare" / settings.warehouse_path.name
        copy.parent.mkdir(exist_ok=True)
        listed = copy.with_name("statements.json")
        listed.write_text(json.dumps(statements(DbtProject(settings), day)))
        seconds = []
        for _ in range(repeats):
            shutil.copyfile(settings.warehouse_path, copy)
            done = measure(
                "benchmarks.bare_engine",
                str(copy),
                str(listed),
                str(settings.threads),
                settings.memory_limit,
            )
            seconds.append(done.seconds)
        console.print(f"bare engine: {', '.join(f'{value:.1f}' for value in seconds)} s")
        return statistics.median(seconds)


def _after(months: int) -> date:
    """The last day of the history's month: what follows are the first days of the next."""
    year, month = divmod(START.month - 1 + months, 12)
    return date(START.year + year, month + 1, 1) - timedelta(days=1)


def _show(title: str, done: Measured) -> None:
    table = Table(
        title=f"{title}, {done.seconds:.1f} s ({done.cpu_seconds:.1f} s of processor), "
        f"{done.peak_gib:.2f} GiB"
    )
    for column in ("seconds", "processor s", "peak GiB", "up to"):
        table.add_column(column)
    for line in done.output.splitlines():
        if line.startswith("step\t"):
            table.add_row(*line.split("\t")[1:])
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
