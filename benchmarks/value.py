"""How long models of customer value take to fit, against the archived package Lifetimes.

Draws customers by the models' own stories, then fits the same columns with both, each in a process
of its own: `cdnow` is a shop's customers over 39 weeks, `bank` payments over five years by the day,
`pareto` the shop's again under Pareto/NBD. Prints seconds, their ratio, memory, and by how much our
log-likelihood is higher. Then both tell every customer the expected purchases of the next 39 weeks,
ours in the engine, of a table that stands there.
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
    console.print(_predictions(customers, fewer))


def _predictions(customers: int, fewer: int) -> Table:
    table = Table("case", "customers told", "ours s", "theirs s", "ratio", "largest difference")
    for name in CASES:
        size = fewer if name == "pareto" else customers
        columns = draw(CASES[name], size)
        mine, seconds = told_by_us(CASES[name], columns)
        other, longer = told_by_them(CASES[name], columns)
        table.add_row(
            name,
            f"{size:,}",
            f"{seconds:.1f}",
            f"{longer:.1f}",
            f"{longer / seconds:.1f}",
            f"{np.nanmax(np.abs(mine - other) / np.maximum(other, 1e-9)):.1e}",
        )
    return table


def told_by_us(case: Case, columns: dict[str, Floats]) -> tuple[Floats, float]:
    """Expected purchases ahead in the order of the customers, and the seconds it took."""
    con = duckdb.connect(config={"threads": 2})
    rows = pd.DataFrame(columns).assign(customer=np.arange(len(columns["age"])))
    con.register("rows", rows)
    con.execute("create table histories as select *, 'm' as model from rows")
    names = (pareto if case.model == "pareto" else beta_geometric).NAMES
    numbers = ", ".join(
        f"{n!r}::double as {name}" for name, n in zip(names, case.parameters, strict=True)
    )
    con.execute(f"create table models as select 'm' as model, {numbers}")
    con.execute(f"create table horizons as select 'm' as model, {AHEAD / case.days} as ahead")
    started = time.monotonic()
    con.execute(f"create table told as {_asked(case, AHEAD / case.days)}")
    seconds = time.monotonic() - started
    found = con.execute("select purchases from told order by customer").fetchnumpy()
    return np.asarray(found["purchases"], np.float64), seconds


def _asked(case: Case, ahead: float) -> str:
    if case.model == "pareto":
        return (
            f"select h.customer, a.alive * {render('pareto_purchases', 'h', 'm', str(ahead))} "
            "as purchases from histories as h inner join models as m on h.model = m.model "
            f"inner join ({render('pareto_alive', 'histories', 'models')}) as a on "
            "h.frequency = a.frequency and h.recency = a.recency and h.age = a.age"
        )
    distinct = "(select distinct model, frequency, age from histories)"
    purchases = render("beta_geometric_purchases", distinct, "models", "horizons")
    return (
        f"select h.customer, {render('beta_geometric_alive', 'h', 'm')} * p.purchases as purchases "
        "from histories as h inner join models as m on h.model = m.model "
        f"inner join ({purchases}) as p on h.frequency = p.frequency and h.age = p.age"
    )


def told_by_them(case: Case, columns: dict[str, Floats]) -> tuple[Floats, float]:
    """The same by the package."""
    fitter = ParetoNBDFitter() if case.model == "pareto" else BetaGeoFitter()
    names = (pareto if case.model == "pareto" else beta_geometric).NAMES
    fitter.params_ = pd.Series(dict(zip(names, case.parameters, strict=True)))
    started = time.monotonic()
    found = fitter.conditional_expected_number_of_purchases_up_to_time(
        AHEAD / case.days, columns["frequency"], columns["recency"], columns["age"]
    )
    return np.asarray(found, np.float64), time.monotonic() - started


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
