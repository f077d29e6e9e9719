"""How long models of customer value take to fit, against the archived package Lifetimes.

Draws customers by the models' own stories, then fits the same columns with both, each in a process
of its own: `cdnow` is a shop's customers over 39 weeks, `bank` payments over five years by the day,
`pareto` the shop's again under Pareto/NBD. Prints seconds, their ratio, memory, and by how much our
log-likelihood is higher. Then both tell every customer the expected purchases of the next 39 weeks,
ours in the engine on two threads, of a table that stands there, in turn with the package: the best
of some runs, by the clock and by the processors, as other work slows two threads more than one.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import duckdb
import numpy as np
import pandas as pd
import typer
from lifetimes import BetaGeoFitter, ParetoNBDFitter
from rich.console import Console
from rich.table import Table

from benchmarks.process import Measured, measure
from orchestration.value import beta_geometric, pareto
from orchestration.value.beta_geometric import fit_beta_geometric
from orchestration.value.histories import Floats, Histories
from orchestration.value.pareto import fit_pareto
from tests.unit.dbt.macros import render

console = Console(width=120)
# Days ahead that customers are told about.
AHEAD = 273.0
# Runs of a prediction, of which the best counts.
RUNS = 3


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
    fewer: Annotated[int, typer.Option(help="Customers that pareto is fitted to.")] = 100_000,
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
    console.print(_predictions(customers))


def _predictions(customers: int) -> Table:
    table = Table("case", "seconds", "curves", "told", "theirs", "ratio", "told alone", "apart")
    for name, case in CASES.items():
        columns = draw(case, customers)
        con = _standing(case, columns)
        ours, theirs = [], []
        for _ in range(RUNS):
            mine, *spent = told_by_us(con, case)
            other, longer = told_by_them(case, columns)
            ours.append(spent)
            theirs.append(longer)
        apart = np.nanmax(np.abs(mine - other) / np.maximum(other, 1e-9))
        for kind, seconds in enumerate(("passed", "of processors")):
            curves, told = (min(run[part][kind] for run in ours) for part in range(2))
            package = min(run[kind] for run in theirs)
            figures = (curves, told, package, package / (curves + told), package / told)
            table.add_row(name, seconds, *(f"{n:.2f}" for n in figures), f"{apart:.1e}")
    return table


def _now() -> Floats:
    """Seconds on the clock, and of processors in this process."""
    return np.array([time.monotonic(), time.process_time()])


def _standing(case: Case, columns: dict[str, Floats]) -> duckdb.DuckDBPyConnection:
    """The engine with the customers, the model and the time ahead as tables."""
    con = duckdb.connect(config={"threads": 2})
    rows = pd.DataFrame(columns).assign(customer=np.arange(len(columns["age"])))
    con.register("rows", rows)
    con.execute("create table histories as select *, 1 as model from rows")
    names = (pareto if case.model == "pareto" else beta_geometric).NAMES
    numbers = ", ".join(
        f"{n!r}::double as {name}" for name, n in zip(names, case.parameters, strict=True)
    )
    con.execute(f"create table models as select 1 as model, {numbers}")
    con.execute(
        "create table horizons as select 1 as model, ?::double as ahead", [AHEAD / case.days]
    )
    return con


def told_by_us(con: duckdb.DuckDBPyConnection, case: Case) -> tuple[Floats, Floats, Floats]:
    """Expected purchases ahead in the order of the customers; seconds for the curves, and to tell.

    Curves are a table of their own: of a subquery the engine does not know how small it is.
    """
    curves, told = _asked(case)
    started = _now()
    con.execute(f"create or replace table curves as {curves}")
    known = _now()
    con.execute(f"create or replace table told as {told}")
    ended = _now()
    found = con.execute("select purchases from told order by customer").fetchnumpy()
    return np.asarray(found["purchases"], np.float64), known - started, ended - known


def _asked(case: Case) -> tuple[str, str]:
    """The curves, and what is told by them."""
    of_models = ("histories", "models") + (() if case.model == "pareto" else ("horizons",))
    placed = f"({render(f'{case.model}_placed', *of_models)})"
    curves = render(f"{case.model}_curves", placed, "models")
    read = render(f"{case.model}_read", placed, "curves")
    if case.model == "pareto":
        purchases = f"h.alive * {render('pareto_purchases', 'h', 'm', str(AHEAD / case.days))}"
    else:
        purchases = f"h.purchases * {render('beta_geometric_alive', 'h', 'm')}"
    return curves, (
        f"select h.customer, {purchases} as purchases from ({read}) as h "
        "inner join models as m on h.model = m.model"
    )


def told_by_them(case: Case, columns: dict[str, Floats]) -> tuple[Floats, Floats]:
    """The same by the package."""
    fitter = ParetoNBDFitter() if case.model == "pareto" else BetaGeoFitter()
    names = (pareto if case.model == "pareto" else beta_geometric).NAMES
    fitter.params_ = pd.Series(dict(zip(names, case.parameters, strict=True)))
    started = _now()
    found = fitter.conditional_expected_number_of_purchases_up_to_time(
        AHEAD / case.days, columns["frequency"], columns["recency"], columns["age"]
    )
    return np.asarray(found, np.float64), _now() - started


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
