"""How expectations of forward value did: tables and pictures of the back-tests that were made.

What was expected at a month's end (the origin) is held against what happened in the months after
it, at every month end anew. `schema` is where the tables of tests stand: none in the published
version.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import duckdb
from rich.console import Console

from orchestration.reports.chart import Line, Panel, as_markdown, short, svg
from orchestration.reports.shown import Shown, rows_of
from orchestration.reports.tables import table

# Three years of month ends: more would not be told apart in a small picture.
_DRAWN_MONTHS = 36
# Where next to nothing happened a model may be off by any multiple of it, and no other panel's line
# could be read beside that: what is off by more is drawn at the edge.
_EDGE = 1.0
BASELINE = "naive"
# What the columns are called in one word each, so that a terminal has room for them.
MEANINGS = (
    "off in all: expected less happened of all customers together, as a share of what happened",
    "error: average distance of a customer's expectation from what happened, reporting currency",
    "RMSE: root of the average square of that distance; large misses weigh more",
    f"of naive: the error as a share of the {BASELINE} model's; below 100% beats it",
    "ranks: Spearman's correlation; 1 where whoever is expected to bring more does",
    "covered: customers of whom what happened lies in the interval that was told",
)

_TESTS = f"""
    with tests as (
        select *, max(mean_absolute_error) filter (model = '{BASELINE}')
            over (partition by population, month) as baseline_error
        from {{schema}}forward_backtest where judged_on <= $day
    )
    select population, model, origin, month, customers, expected, happened, aggregate_error,
        mean_absolute_error, root_mean_square_error,
        mean_absolute_error / nullif(baseline_error, 0) as against_baseline,
        rank_correlation, covered_share, interval_share,
        count(*) over each as tests, min(origin) over each as first_origin,
        avg(aggregate_error) over each as mean_aggregate_error,
        avg(abs(aggregate_error)) over each as mean_aggregate_miss,
        avg(mean_absolute_error) over each as mean_mean_absolute_error,
        avg(root_mean_square_error) over each as mean_root_mean_square_error,
        avg(mean_absolute_error / nullif(baseline_error, 0)) over each as mean_against_baseline,
        avg(rank_correlation) over each as mean_rank_correlation,
        avg(covered_share) over each as mean_covered_share
    from tests
    window each as (partition by population, model)
    qualify month = max(month) over each
    order by population, model
"""
_ERRORS = """
    select population, model, year(month) * 12 + month(month) - 1 as place, aggregate_error
    from {schema}forward_backtest
    where judged_on <= $day and aggregate_error is not null
        and month > (select max(month) from {schema}forward_backtest where judged_on <= $day)
            - to_months($months)
    order by population, model, place
"""
_TENTHS = """
    select population, model, month, tenth, customers, expected / customers as expected,
        happened / customers as happened
    from {schema}forward_calibration where judged_on <= $day
    qualify month = max(month) over (partition by population, model)
    order by population, model, tenth
"""


class Make(Protocol):
    """Makes a table of the tests up to a day."""

    def __call__(
        self, con: duckdb.DuckDBPyConnection, day: date = ..., schema: str = ...
    ) -> Shown: ...


class Draw(Protocol):
    """Draws the tests up to a day."""

    def __call__(
        self, con: duckdb.DuckDBPyConnection, day: date = ..., schema: str = ...
    ) -> str: ...


def newest_tests(con: duckdb.DuckDBPyConnection, day: date = date.max, schema: str = "") -> Shown:
    """Of each population and model the newest test."""
    return Shown(
        "Newest test of each model",
        ["population", "model", "to", "customers", "expected", "happened", "off in all",
         "error", "RMSE", "of naive", "ranks", "covered"],
        [
            [one["population"], one["model"], f"{one['month']:%Y-%m}", f"{one['customers']:,}",
             _money(one["expected"]), _money(one["happened"]),
             _signed(one["aggregate_error"]), _money(one["mean_absolute_error"]),
             _money(one["root_mean_square_error"]), _share(one["against_baseline"]),
             _plain(one["rank_correlation"]),
             _share(one["covered_share"])]
            for one in rows_of(con, _TESTS, schema, day=day)
        ],
    )  # fmt: skip


def mean_tests(con: duckdb.DuckDBPyConnection, day: date = date.max, schema: str = "") -> Shown:
    """Of each population and model the average over all origins, each counting once."""
    return Shown(
        "Average over all origins",
        ["population", "model", "tests", "origins from", "off in all", "without sign", "error",
         "RMSE", "of naive", "ranks", "covered"],
        [
            [one["population"], one["model"], f"{one['tests']:,}", f"{one['first_origin']:%Y-%m}",
             _signed(one["mean_aggregate_error"]), _share(one["mean_aggregate_miss"]),
             _money(one["mean_mean_absolute_error"]), _money(one["mean_root_mean_square_error"]),
             _share(one["mean_against_baseline"]), _plain(one["mean_rank_correlation"]),
             _share(one["mean_covered_share"])]
            for one in rows_of(con, _TESTS, schema, day=day)
        ],
    )  # fmt: skip


def calibration(con: duckdb.DuckDBPyConnection, day: date = date.max, schema: str = "") -> Shown:
    """Of each population and model, in the newest test, what tenths of customers bring a head."""
    tenths = rows_of(con, _TENTHS, schema, day=day)
    rows: dict[tuple[str, str, str], dict[int, str]] = {}
    for one in tenths:
        for told in ("expected", "happened"):
            row = rows.setdefault((one["population"], one["model"], told), {})
            row[one["tenth"]] = _money(one[told])
    parts = range(1, max((one["tenth"] for one in tenths), default=0) + 1)
    return Shown(
        "A head of each tenth, the lowest expectations first",
        ["population", "model", "a head", *(str(part) for part in parts)],
        [[*key, *(row.get(part, "") for part in parts)] for key, row in rows.items()],
        names=3,
    )


def error_chart(con: duckdb.DuckDBPyConnection, day: date = date.max, schema: str = "") -> str:
    """By how much each model was off in all, test after test, a panel per population."""
    rows = rows_of(con, _ERRORS, schema, day=day, months=_DRAWN_MONTHS)
    return svg(
        "Expected less happened, of happened, by the month that ends the test; all of it and more "
        "at the edge",
        [
            Panel(
                population,
                "month that ends the test",
                [
                    Line(model, [(one["place"], _to_edge(one["aggregate_error"])) for one in tests])
                    for model, tests in _grouped(of_population, "model")
                ],
                x_label=_month,
                y_label="{:+,.0%}".format,
                y_zero=True,
            )
            for population, of_population in _grouped(rows, "population")
        ],
    )


def calibration_chart(
    con: duckdb.DuckDBPyConnection, day: date = date.max, schema: str = ""
) -> str:
    """What tenths brought a head against what was expected of them, a panel per population."""
    rows = rows_of(con, _TENTHS, schema, day=day)
    return svg(
        "What happened against what was expected, a head of each tenth, in the newest test",
        [
            Panel(
                f"{population}: happened",
                "expected a head",
                [
                    Line(
                        model, [(float(one["expected"]), float(one["happened"])) for one in tenths]
                    )
                    for model, tenths in _grouped(of_population, "model")
                ],
                x_label=short,
                y_label=short,
                is_agreement=True,
            )
            for population, of_population in _grouped(rows, "population")
        ],
    )


# What there is to see of each table of tests: tables and a picture.
TESTS: dict[str, tuple[Sequence[Make], Draw]] = {
    "forward_backtest": ((newest_tests, mean_tests), error_chart),
    "forward_calibration": ((calibration,), calibration_chart),
}


def shown_in_markdown(
    con: duckdb.DuckDBPyConnection, name: str, schema: str = ""
) -> dict[str, str]:
    """What there is to see of a table of tests, by its title; nothing before the first test."""
    makes, draw = TESTS[name]
    tables = [make(con, schema=schema) for make in makes]
    if not tables[0].rows:
        return {}
    texts = {one.title.lower(): one.markdown() for one in tables}
    return texts | {"chart": as_markdown(draw(con, schema=schema), f"Chart of {name}")}


def print_backtest(con: duckdb.DuckDBPyConnection, day: date, console: Console) -> None:
    """Prints the tests of all models up to a day."""
    shown = [make(con, day) for make in (newest_tests, mean_tests, calibration)]
    if not shown[0].rows:
        console.print("Nothing is tested yet: what was expected has not had the time to happen.")
        return
    for one in shown:
        console.print(table(one.title, one.columns, one.rows, right=one.columns[one.names :]))
    for line in MEANINGS:
        console.print(f"  {line}", highlight=False)


def _grouped(rows: Sequence[dict[str, Any]], name: str) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return list(found.items())


def _to_edge(share: Decimal) -> float:
    return max(-_EDGE, min(_EDGE, float(share)))


def _month(place: float) -> str:
    return f"{int(place) // 12}-{int(place) % 12 + 1:02}"


def _money(amount: Decimal | float) -> str:
    return f"{amount:z,.0f}"


def _signed(share: Decimal | float | None) -> str:
    return "" if share is None else f"{share:+,.1%}"


def _share(share: Decimal | float | None) -> str:
    return "" if share is None else f"{share:,.0%}"


def _plain(number: Decimal | float | None) -> str:
    return "" if number is None else f"{number:.2f}"
