"""How long models of customer value take to fit, against the archived package Lifetimes.

Draws customers by the models' own stories, then fits the same columns with both, each in a process
of its own: `cdnow` is a shop's customers over 39 weeks, `bank` payments over five years by the day,
`pareto` the shop's again under Pareto/NBD. Prints seconds, their ratio, memory, and by how much our
log-likelihood is higher.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer
from lifetimes import BetaGeoFitter, ParetoNBDFitter
from rich.console import Console
from rich.table import Table

from benchmarks.process import Measured, measure
from orchestration.value import beta_geometric, pareto
from orchestration.value.beta_geometric import fit_beta_geometric
from orchestration.value.histories import Floats, Histories
from orchestration.value.pareto import fit_pareto

console = Console(width=120)


@dataclass(frozen=True)
class Case:
    """A population: its model, its parameters, and the ages of its customers in days."""

    model: str
    parameters: tuple[float, float, float, float]
    youngest: int
    oldest: int
    days: float


CASES = {
    "cdnow": Case("beta_geometric", (0.243, 4.414, 0.793, 2.426), 190, 272, 7.0),
    "bank": Case("beta_geometric", (1.1, 22.0, 0.9, 28.0), 30, 1826, 1.0),
    "pareto": Case("pareto", (0.553, 10.578, 0.606, 11.669), 190, 272, 7.0),
}


def main(
    customers: Annotated[int, typer.Option(help="Customers of cdnow and bank.")] = 1_000_000,
    fewer: Annotated[int, typer.Option(help="Customers of pareto.")] = 100_000,
) -> None:
    """Measure, and print the figures."""
    table = Table(
        "case",
        "customers",
        "histories",
        "ours s",
        "theirs s",
        "ratio",
        "ours GiB",
        "theirs GiB",
        "log-likelihood above theirs",
    )
    for name in CASES:
        size = fewer if name == "pareto" else customers
        with TemporaryDirectory() as folder:
            path = Path(folder) / "columns.npz"
            np.savez(path, allow_pickle=False, **draw(CASES[name], size))
            ours, theirs = (_fitted(who, name, path) for who in ("ours", "theirs"))
        (mine, said), (other, heard) = ours, theirs
        table.add_row(
            name,
            f"{size:,}",
            f"{said['histories']:,}",
            f"{said['seconds']:.1f}",
            f"{heard['seconds']:.1f}",
            f"{heard['seconds'] / said['seconds']:.1f}",
            f"{mine.peak_gib:.2f}",
            f"{other.peak_gib:.2f}",
            f"{said['log_likelihood'] - heard['log_likelihood']:.3f}",
        )
    console.print(table)


def draw(case: Case, customers: int) -> dict[str, Floats]:
    """Frequency, recency and age of each customer, in the case's unit of time, by the day."""
    chance = np.random.default_rng(7)
    age = chance.integers(case.youngest, case.oldest + 1, customers) / case.days
    shape, rate, third, fourth = case.parameters
    wait = 1 / np.maximum(chance.gamma(shape, 1 / rate, customers), 1e-12)
    until, stops = age, np.zeros(customers)
    if case.model == "pareto":
        leaves = np.maximum(chance.gamma(third, 1 / fourth, customers), 1e-12)
        until = np.minimum(age, chance.exponential(1 / leaves))
    else:
        stops = chance.beta(third, fourth, customers)
    count, last = np.zeros(customers), np.zeros(customers)
    active = np.arange(customers)
    while len(active):
        following = last[active] + chance.exponential(wait[active])
        buys = following <= until[active]
        active, following = active[buys], following[buys]
        last[active], count[active] = following, count[active] + 1
        active = active[chance.random(len(active)) >= stops[active]]
    # Extracts know the day; several purchases of a day are one day's apart from the first at least.
    recency = np.where(count > 0, np.maximum(np.ceil(last * case.days), 1) / case.days, 0)
    return {"frequency": count, "recency": np.minimum(recency, age), "age": age}


def _fitted(who: str, case: str, path: Path) -> tuple[Measured, dict[str, float]]:
    measured = measure("benchmarks.value", who, case, str(path))
    said: dict[str, float] = json.loads(measured.output.splitlines()[-1])
    return measured, said


def ours(case: Case, columns: dict[str, Floats]) -> dict[str, float]:
    """What our fit says."""
    histories = Histories.counted(**columns)
    fit = fit_pareto if case.model == "pareto" else fit_beta_geometric
    _, found = fit(histories)
    return {"histories": len(histories.age), "log_likelihood": found.log_likelihood}


def theirs(case: Case, columns: dict[str, Floats]) -> dict[str, float]:
    """What the package's fit says."""
    fitter = ParetoNBDFitter() if case.model == "pareto" else BetaGeoFitter()
    fitter.fit(columns["frequency"], columns["recency"], columns["age"])
    parameters = np.log(list(fitter.params_))
    histories = Histories.counted(**columns)
    return {"log_likelihood": _log_likelihood(case, histories, parameters)}


def _log_likelihood(case: Case, histories: Histories, logs: Floats) -> float:
    """By our formula, which the tests hold against theirs: the package reports averages."""
    module = pareto if case.model == "pareto" else beta_geometric
    return float(module.Likelihood(histories)(logs)[0])


def run(who: str, name: str, path: str) -> None:
    """Fit in this process and print what it took."""
    columns = dict(np.load(path).items())
    started = time.monotonic()
    said = (ours if who == "ours" else theirs)(CASES[name], columns)
    print(json.dumps(said | {"seconds": time.monotonic() - started}))


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["theirs"]):
        run(*sys.argv[1:4])
    else:
        typer.run(main)
