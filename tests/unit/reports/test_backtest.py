"""How tests of forward value are told: averages over origins, the baseline, tenths, pictures."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

import duckdb
import pytest

from orchestration.reports.backtest import (
    calibration,
    calibration_chart,
    error_chart,
    mean_tests,
    newest_tests,
    print_backtest,
    shown_in_markdown,
)
from tests.unit.reports.home import said

SVG = "{http://www.w3.org/2000/svg}"
# Two tests of two models; nothing happened in the older one of prospects, whom naive leaves out.
TABLES = """
create schema forward;
create table forward.forward_backtest as
    select population, model, month::date as month, last_day(month::date) as judged_on,
        (month::date - interval 6 month)::date as origin, 1200::bigint as customers,
        expected::decimal(28, 2) as expected, happened::decimal(28, 2) as happened,
        error::decimal(28, 6) as aggregate_error, mae::decimal(28, 2) as mean_absolute_error,
        (2 * mae)::decimal(28, 2) as root_mean_square_error,
        ranks::decimal(28, 6) as rank_correlation, 0.9::decimal(18, 6) as interval_share,
        covered::decimal(28, 6) as covered_share
    from (values
        ('account', 'naive', '2024-07-01', 90, 100, -0.1, 50, 0.5, 0.8),
        ('account', 'naive', '2024-08-01', 130, 100, 0.3, 40, 0.7, 0.6),
        ('account', 'chain', '2024-07-01', 120, 100, 0.2, 100, 0.3, 1),
        ('account', 'chain', '2024-08-01', 100, 100, 0, 20, 0.4, 1),
        ('prospect', 'chain', '2024-07-01', 5, 0, null, 1, null, 1),
        ('prospect', 'chain', '2024-08-01', -500, 10, -51, 1, null, 1)
    ) as t(population, model, month, expected, happened, error, mae, ranks, covered);
create table forward.forward_calibration as
    select 'account' as population, model, month::date as month,
        last_day(month::date) as judged_on, tenth, 4::bigint as customers,
        expected::decimal(28, 2) as expected, happened::decimal(28, 2) as happened
    from (values
        ('naive', '2024-07-01', 1, 8, 8), ('naive', '2024-08-01', 1, -40, -4),
        ('naive', '2024-08-01', 10, 4000, 8000), ('chain', '2024-08-01', 3, 400, 0)
    ) as t(model, month, tenth, expected, happened);
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(TABLES)
        yield con


def test_the_newest_test_stands_beside_the_baseline(con: duckdb.DuckDBPyConnection) -> None:
    rows = newest_tests(con, schema="forward").rows
    assert rows == [
        ["account", "chain", "2024-08", "1,200", "100", "100", "+0.0%", "20", "40", "50%", "0.40",
         "100%"],
        ["account", "naive", "2024-08", "1,200", "130", "100", "+30.0%", "40", "80", "100%", "0.70",
         "60%"],
        ["prospect", "chain", "2024-08", "1,200", "-500", "10", "-5,100.0%", "1", "2", "", "",
         "100%"],
    ]  # fmt: skip


def test_averages_count_every_origin_once(con: duckdb.DuckDBPyConnection) -> None:
    rows = mean_tests(con, schema="forward").rows
    assert rows == [
        ["account", "chain", "2", "2024-01", "+10.0%", "10%", "60", "120", "125%", "0.35", "100%"],
        ["account", "naive", "2", "2024-01", "+10.0%", "20%", "45", "90", "100%", "0.60", "70%"],
        ["prospect", "chain", "2", "2024-01", "-5,100.0%", "5,100%", "1", "2", "", "", "100%"],
    ]


def test_a_day_knows_the_tests_made_by_it(con: duckdb.DuckDBPyConnection) -> None:
    rows = mean_tests(con, date(2024, 8, 30), schema="forward").rows
    assert [row[2] for row in rows] == ["1", "1", "1"]
    assert rows[2][4] == "", "nothing happened"


def test_tenths_are_told_a_head(con: duckdb.DuckDBPyConnection) -> None:
    shown = calibration(con, schema="forward")
    assert shown.columns[:4] == ["population", "model", "a head", "1"]
    assert [[*row[1:4], row[5], row[12]] for row in shown.rows] == [
        ["chain", "expected", "", "100", ""],
        ["chain", "happened", "", "0", ""],
        ["naive", "expected", "-10", "", "1,000"],
        ["naive", "happened", "-1", "", "2,000"],
    ]


def paths(picture: str, name: str) -> list[list[tuple[float, float]]]:
    """The lines of a model, the legend's last, as places in their panels."""
    found = [
        path.get("d", "")
        for path in ElementTree.fromstring(picture).iter(f"{SVG}path")
        if [title.text for title in path.iter(f"{SVG}title")] == [name]
    ]
    return [
        [(float(x), float(y)) for x, y in (pair.split() for pair in places[1:].split("L"))]
        for places in found
    ]


def test_errors_are_drawn_to_the_edge(con: duckdb.DuckDBPyConnection) -> None:
    picture = error_chart(con, schema="forward")
    account, prospect, _ = paths(picture, "chain")
    assert account[0][1] < account[1][1], "+20% is above nought"
    assert len(prospect) == 1, "nothing happened in the older test"
    labels = [text.text for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]
    assert "-100%" in labels
    assert "-5,100%" not in labels
    assert {"account", "prospect", "2024-07", "2024-08"} <= set(labels)


def test_what_happens_as_expected_lies_on_the_diagonal(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update forward.forward_calibration set happened = expected")
    picture = calibration_chart(con, schema="forward")
    (naive, _) = paths(picture, "naive")
    (grey,) = [
        path.get("d", "") for path in ElementTree.fromstring(picture).iter(f"{SVG}path")
        if path.get("stroke") == "#555"
    ]  # fmt: skip
    (x0, y0), (x1, y1) = [map(float, pair.split()) for pair in grey[1:].split("L")]
    for x, y in naive:
        assert y == pytest.approx(y0 + (y1 - y0) * (x - x0) / (x1 - x0), abs=0.1)


def test_pages_hold_tables_and_a_picture(con: duckdb.DuckDBPyConnection) -> None:
    shown = shown_in_markdown(con, "forward_backtest", "forward")
    assert list(shown) == ["newest test of each model", "average over all origins", "chart"]
    assert "| account | naive | 2024-08 |" in shown["newest test of each model"]
    head, _, data = shown["chart"].partition(";base64,")
    assert head == "![Chart of forward_backtest](data:image/svg+xml"
    assert base64.b64decode(data.rstrip(")")).decode() == error_chart(con, schema="forward")
    con.execute("delete from forward.forward_calibration")
    assert shown_in_markdown(con, "forward_calibration", "forward") == {}


def test_the_terminal_says_what_columns_mean(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("use forward")
    text = said(lambda console: print_backtest(con, date.max, console))
    assert "account naive 2024-08 1,200 130 100 +30.0% 40 80 100% 0.70 60%" in text
    assert "of naive: the error as a share of the naive model's" in text
    early = said(lambda console: print_backtest(con, date(2024, 1, 1), console))
    assert early.startswith("Nothing is tested yet")
