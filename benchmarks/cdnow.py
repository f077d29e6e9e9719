"""How far forecasts of purchases are off at rolling origins of CDNOW, and how often intervals hold.

    python -m benchmarks.cdnow

prints the tables of docs/purchases.md. The archived package Lifetimes carries the data: 23,570
customers of a music shop who first bought in early 1997, followed to June 1998, and a tenth of
them, with which the models were published. Times in days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from orchestration.value.backtest import coverage
from orchestration.value.beta_geometric import fit_beta_geometric
from orchestration.value.forecast import Forecast, Purchases, forecast
from orchestration.value.histories import Floats, Histories
from orchestration.value.intervals import Model, PastErrors, central, covered, shared
from orchestration.value.pareto import Pareto, fit_pareto

FIRST_DAY = pd.Timestamp("1997-01-01")
LAST_DAY = pd.Timestamp("1998-06-30")
# Six month starts; the published back-test ends its first half on the third.
SIX = tuple(pd.date_range("1997-08-01", "1998-01-01", freq="MS"))
MANY = tuple(pd.date_range("1997-07-01", "1998-06-01", freq="MS"))
# Forecasts that are no trials: later ones learn from them by how much they were off.
EARLIER = tuple(pd.date_range("1997-04-01", "1997-06-01", freq="MS"))
# Of all forecasts of six origins, and how far back is looked for returns.
AHEAD, HORIZONS = 91.0, (28.0, 91.0, 182.0)
WEEK = 7.0
SILENT = (0.0, 4.0, 8.0, 13.0, 20.0, 26.0)
LEVEL = 0.9
MOST = 60

console = Console(width=140)


def folder() -> Path:
    """Where the package keeps its data."""
    package = find_spec("lifetimes")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "datasets"


def everybody() -> Purchases:
    """Purchases of all customers."""
    path = folder() / "CDNOW_master.txt"
    rows = pd.read_csv(path, sep=r"\s+", header=0, names=["customer", "day", "items", "dollars"])
    return _by_day(rows)


def the_tenth() -> Purchases:
    """Purchases of the 2,357 customers with whom the models were published."""
    names = ["master", "customer", "day", "items", "dollars"]
    rows = pd.read_csv(folder() / "CDNOW_sample.txt", sep=r"\s+", header=None, names=names)
    return _by_day(rows)


def _by_day(rows: pd.DataFrame) -> Purchases:
    day = pd.to_datetime(rows["day"].astype(str), format="%Y%m%d") - FIRST_DAY
    customer, at = rows["customer"], day.dt.days
    return Purchases.of(np.asarray(customer, np.int64), np.asarray(at, np.float64))


def of_tenth(purchases: Purchases, tenth: int) -> Purchases:
    """Purchases of customers whose number ends in this digit."""
    theirs = purchases.customer % 10 == tenth
    return Purchases(purchases.customer[theirs], purchases.at[theirs])


def before(start: pd.Timestamp) -> float:
    """The origin of a forecast that begins on a day: all days before it are known."""
    return float((start - FIRST_DAY).days - 1)


@dataclass(frozen=True)
class Window:
    """A forecast against what happened: errors of all customers together are relative.

    `plain`, `pareto`: BG/NBD and Pareto/NBD as published; `slowing`: the model that the evidence is
    for, without returns; `full`: with them. `low`, `high`: of all together; `central`, `shared`,
    `covered`: of single customers. `off`: of all together, in standard errors that no test widened.
    """

    start: pd.Timestamp
    ahead: float
    happened: float
    off: float
    plain: float
    pareto: float
    slowing: float
    full: float
    low: float
    high: float
    central: float
    shared: float
    covered: float

    @property
    def expected(self) -> float:
        """Of all together, with returns."""
        return (1 + self.full) * self.happened

    @property
    def holds(self) -> bool:
        """Whether what happened lies in the interval of all."""
        return self.low <= self.happened <= self.high


def at_origin(
    purchases: Purchases,
    start: pd.Timestamp,
    horizons: Sequence[float],
    with_pareto: bool = False,
    earlier: Sequence[Window] = (),
) -> Iterator[Window]:
    """Forecasts of one origin, of each horizon that ends within the data.

    `earlier`: forecasts of the same customers, of which those that ended by the origin are tests.
    """
    origin = before(start)
    ahead = [h for h in horizons if origin + h <= (LAST_DAY - FIRST_DAY).days]
    if not ahead:
        return
    made = forecast(purchases, origin, ahead[0], AHEAD, WEEK)
    histories = Histories.counted(*made.known.history)
    plain, _ = fit_beta_geometric(histories)
    pareto = fit_pareto(histories)[0] if with_pareto else None
    for horizon in ahead:
        of = replace(made, ahead=horizon)
        happened = purchases.within(of.customers, origin, horizon)
        chances, total = of.chances(MOST), float(happened.sum())
        widened = past_errors(earlier, origin, horizon).widening(horizon, made.learned)
        low, high = of.total.interval(LEVEL, widened)
        yield Window(
            start,
            horizon,
            total,
            of.total.off(total),
            plain=_sum(plain, of) / total - 1,
            pareto=_sum(pareto, of) / total - 1 if pareto else float("nan"),
            slowing=_sum(of.model, of) / total - 1,
            full=of.total.expected / total - 1,
            low=low,
            high=high,
            central=coverage(*central(chances, LEVEL), happened),
            shared=coverage(*shared(chances, LEVEL), happened),
            covered=float(covered(chances, happened, LEVEL).mean()),
        )


def past_errors(earlier: Sequence[Window], origin: float, ahead: float) -> PastErrors:
    """Of earlier forecasts those of a length whose end is known at an origin."""
    ended = [w for w in earlier if w.ahead == ahead and before(w.start) + ahead <= origin]
    return PastErrors(np.array([before(w.start) for w in ended]), np.array([w.off for w in ended]))


def _of_each(model: Model | Pareto, of: Forecast) -> Floats:
    """What a model without returns expects of each customer of a forecast."""
    frequency, recency, age = of.known.history
    ahead = model.purchases(frequency, age, np.array(of.ahead))
    return np.asarray(model.alive(frequency, recency, age) * ahead, np.float64)


def _sum(model: Model | Pareto, of: Forecast) -> float:
    return float(_of_each(model, of).sum())


def six(purchases: Purchases) -> list[Window]:
    """The six origins, 13 weeks ahead."""
    return [row for start in SIX for row in at_origin(purchases, start, (AHEAD,), with_pareto=True)]


def many(purchases: Purchases, tenths: int = 10) -> list[Window]:
    """Each tenth of all customers, at each start of a month, over each horizon."""
    found = []
    for tenth in range(tenths):
        rows: list[Window] = []
        for start in (*EARLIER, *MANY):
            rows += at_origin(of_tenth(purchases, tenth), start, HORIZONS, earlier=rows)
        found += [row for row in rows if row.start in MANY]
    return found


def worth(rows: Sequence[Window]) -> float:
    """How many independent trials windows of one length are worth.

    Those of one time share its calendar: by the share of the errors' variance that windows of one
    start have in common, each after the first says less. Starts that overlap are fewer than they
    are, too. Source: the design effect of Kish (1965), Survey sampling, section 5.4.
    """
    starts = sorted({row.start for row in rows})
    errors = [
        np.log([row.happened / row.expected for row in rows if row.start == s]) for s in starts
    ]
    within = float(np.mean([of.var(ddof=1) for of in errors]))
    size = len(rows) / len(starts)
    common = max(float(np.var([of.mean() for of in errors], ddof=1)) - within / size, 0.0)
    apart = np.minimum(np.diff([before(start) for start in starts]), rows[0].ahead)
    times = float(apart.sum()) / rows[0].ahead + 1
    return len(rows) / (1 + (len(rows) / times - 1) * common / (common + within))


def by_silence(purchases: Purchases) -> Floats:
    """Purchases of the six origins by how long the customer had not bought, who had bought again.

    Per row of SILENT weeks or more: what happened, and what is expected by BG/NBD, without returns
    and with them.
    """
    sums = np.zeros((len(SILENT), 4))
    for start in SIX:
        made = forecast(purchases, before(start), AHEAD, AHEAD, WEEK)
        plain, _ = fit_beta_geometric(Histories.counted(*made.known.history))
        frequency, recency, age = made.known.history
        happened = purchases.within(made.customers, before(start), AHEAD)
        row = np.digitize((age - recency) / WEEK, SILENT) - 1
        columns = (happened, _of_each(plain, made), _of_each(made.model, made), made.expected)
        again = frequency > 0
        sums += np.column_stack(
            [np.bincount(row[again], column[again], len(SILENT)) for column in columns]
        )
    return sums


def main() -> None:
    """Measure, and print the figures."""
    whole = everybody()
    _print_silence(by_silence(whole))
    _print_six("2,357 customers, 13 weeks ahead", six(the_tenth()))
    _print_six("23,570 customers, 13 weeks ahead", six(whole))
    _print_many(many(whole))


ERRORS = ("plain", "pareto", "slowing", "full")
SHARES = ("central", "shared", "covered")


def _print_silence(sums: Floats) -> None:
    table = Table("weeks silent, from", "happened", "plain", "slowing", "full")
    for weeks, (happened, *expected) in zip(SILENT, sums, strict=True):
        errors = (f"{value / happened - 1:+.0%}" for value in expected)
        table.add_row(f"{weeks:.0f}", f"{happened:,.0f}", *errors)
    console.print(table)


def _print_six(title: str, rows: list[Window]) -> None:
    table = Table("first day ahead", "happened", *ERRORS, "90 % of all", *SHARES, title=title)
    for row in rows:
        table.add_row(
            f"{row.start:%Y-%m-%d}",
            f"{row.happened:,.0f}",
            *(f"{getattr(row, name):+.1%}" for name in ERRORS),
            f"{row.low:,.0f} to {row.high:,.0f}" + ("" if row.holds else " (missed)"),
            *(f"{getattr(row, name):.1%}" for name in SHARES),
        )
    table.add_row("mean absolute", "", *(f"{absolute(rows, name):.1%}" for name in ERRORS))
    console.print(table)


def _print_many(rows: list[Window]) -> None:
    names = ("plain", "slowing", "full")
    table = Table(
        "weeks ahead",
        "windows",
        "worth",
        *names,
        *(f"{n}, mean" for n in names),
        "held, all",
        *SHARES,
    )
    for horizon in HORIZONS:
        of = [row for row in rows if row.ahead == horizon]
        table.add_row(
            f"{horizon / WEEK:.0f}",
            str(len(of)),
            f"{worth(of):.0f}",
            *(f"{absolute(of, name):.1%}" for name in names),
            *(f"{average(of, name):+.1%}" for name in names),
            f"{average(of, 'holds'):.1%}",
            *(f"{average(of, name):.1%}" for name in SHARES),
        )
    console.print(table)


def average(rows: Sequence[Window], name: str) -> float:
    """Of a column."""
    return float(np.mean([getattr(row, name) for row in rows]))


def absolute(rows: Sequence[Window], name: str) -> float:
    """Average size of a column's errors."""
    return float(np.mean([abs(getattr(row, name)) for row in rows]))


if __name__ == "__main__":
    typer.run(main)
