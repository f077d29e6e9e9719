"""How a rating's back-test is told: newest cohort, migration, durations, overrides, picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

import duckdb
import numpy as np
import pytest
from rich.console import Console
from scipy.linalg import expm

from orchestration.reports.rating_backtest import (
    TESTS,
    by_duration,
    newest_cohorts,
    newest_migration,
    newest_overrides,
    newest_rates,
    print_rating,
    rates_picture,
    shown_in_markdown,
)

SVG = "{http://www.w3.org/2000/svg}"
# Three grades, two cohorts; nobody has the middle grade in the newer one.
TABLES = """
create table rating_default_rate as
    select month::date as month, last_day(month::date) as judged_on,
        (month::date - interval 12 month)::date as cohort, 12 as default_months, grade, grade_rank,
        companies::bigint as companies, defaulted::bigint as defaulted,
        pd::decimal(9, 6) as expected_rate
    from (values
        ('2024-11-01', 'A', 3, 10, 0, 0.01), ('2024-11-01', 'B', 2, 10, 2, 0.05),
        ('2024-11-01', 'C', 1, 0, 0, 0.2),
        ('2024-12-01', 'A', 3, 20, 2, 0.01), ('2024-12-01', 'B', 2, 0, 0, 0.05),
        ('2024-12-01', 'C', 1, 4, 0, 0.2)
    ) as t(month, grade, grade_rank, companies, defaulted, pd);
create table rating_migration as
    select month::date as month, last_day(month::date) as judged_on,
        (month::date - to_months(followed))::date as cohort, followed as followed_months,
        from_state, to_state, companies::bigint as companies
    from (values
        ('2024-12-01', 12, 'A', 'A', 12), ('2024-12-01', 12, 'A', 'default', 2),
        ('2024-12-01', 12, 'A', 'C', 4), ('2024-12-01', 12, 'A', 'left', 2),
        ('2024-12-01', 12, 'C', 'C', 3), ('2024-12-01', 12, 'C', 'unrated', 1),
        ('2024-12-01', 12, 'entered', 'A', 9), ('2024-12-01', 12, 'unrated', 'A', 1),
        ('2024-11-01', 1, 'A', 'A', 118), ('2024-11-01', 1, 'A', 'default', 2),
        ('2024-12-01', 1, 'A', 'A', 120), ('2024-12-01', 1, 'A', 'left', 2),
        ('2024-12-01', 1, 'default', 'A', 1)
    ) as t(month, followed, from_state, to_state, companies);
create table rating_override as
    select month::date as month, last_day(month::date) as judged_on, changed_by, model_grade, grade,
        companies::bigint as companies, defaulted::bigint as defaulted
    from (values
        ('2024-11-01', 'override', 'C', 'A', 10, 0), ('2024-11-01', 'nothing', 'B', 'B', 10, 2),
        ('2024-12-01', 'nothing', 'A', 'A', 17, 1), ('2024-12-01', 'override', 'C', 'A', 3, 1),
        ('2024-12-01', 'nothing', 'C', 'C', 2, 0), ('2024-12-01', 'override', 'B', 'C', 1, 0),
        ('2024-12-01', 'knockout', 'A', 'C', 1, 0)
    ) as t(month, changed_by, model_grade, grade, companies, defaulted);
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(TABLES)
        yield con


def test_the_newest_cohort_stands_beside_the_master_scale(con: duckdb.DuckDBPyConnection) -> None:
    shown = newest_rates(con)
    assert shown.title == "Default rates of 2023-12 in the 12 months after"
    assert shown.rows == [
        ["A", "20", "2", "10.0%", "1.2%", "31.7%", "1.00%", "0.017", "0.004"],
        ["B", "0", "0", "", "0.0%", "100.0%", "5.00%", "", ""],
        ["C", "4", "0", "0.0%", "0.0%", "60.2%", "20.00%", "1.000", "0.832"],
    ]


def test_cohorts_stand_in_a_line_each(con: duckdb.DuckDBPyConnection) -> None:
    older, newer = newest_cohorts(con).rows
    assert older[:5] == ["2023-11", "20", "2", "0.6", "55.6%"]
    assert older[8:] == ["2.0", "0"]
    assert newer[:5] == ["2023-12", "24", "2", "1.0", "-18.2%"]
    assert newer[9] == "1", "A defaulted more often than C"


def test_a_day_knows_the_cohorts_told_by_it(con: duckdb.DuckDBPyConnection) -> None:
    assert [row[0] for row in newest_cohorts(con, date(2024, 12, 30)).rows] == ["2023-11"]
    assert newest_rates(con, date(2024, 11, 29)).rows == []


def test_shares_are_of_those_still_rated(con: duckdb.DuckDBPyConnection) -> None:
    shown = newest_migration(con)
    assert shown.columns == ["from", "companies", "A", "B", "C", "default", "no longer rated"]
    assert shown.rows == [
        ["A", "20", "66.7%", "0.0%", "22.2%", "11.1%", "10.0%"],
        ["B", "0", "", "", "", "", ""],
        ["C", "4", "0.0%", "0.0%", "100.0%", "0.0%", "25.0%"],
        ["default", "0", "", "", "", "", ""],
    ]


def test_durations_count_every_month_and_default_ends_a_history(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """238 months stayed and 4 half ones, left by default or unseen: 20 years, 2 defaults."""
    first, second, _ = by_duration(con).rows
    year = expm(np.array([[-0.1, 0.1], [0, 0]]))[0, 1]
    assert first == ["A", "20.0", f"{1 - year:.1%}", "0.0%", "0.0%", f"{year:.1%}"]
    assert second == ["B", "0.0", "", "", "", ""]


def test_overrides_stand_beside_the_grades_that_were_left(con: duckdb.DuckDBPyConnection) -> None:
    shown = newest_overrides(con)
    assert shown.title.startswith("Overrides of 2023-12, p = 0.")
    assert [row[:6] for row in shown.rows] == [
        ["the model's", "19", "79.2%", "", "1", "5.3%"],
        ["better by override", "3", "12.5%", "2.0", "1", "33.3%"],
        ["worse by override", "1", "4.2%", "1.0", "0", "0.0%"],
        ["knocked out", "1", "4.2%", "", "0", "0.0%"],
    ]


def test_the_picture_names_every_grade_with_companies(con: duckdb.DuckDBPyConnection) -> None:
    root = ElementTree.fromstring(rates_picture(con))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"A", "B", "C", "PD", "default rate"} <= set(texts)


def test_pages_and_the_terminal_tell_the_same(con: duckdb.DuckDBPyConnection) -> None:
    pages = {name: shown_in_markdown(con, name) for name in TESTS}
    assert [list(page) for page in pages.values()] == [
        ["default rates of 2023-12 in the 12 months after", "cohorts, the newest last", "chart"],
        ["migration from 2023-12 in 12 months", "chances of a year, by how long grades were held"],
        [newest_overrides(con).title.lower()],
    ]
    console = Console(width=200, record=True)
    print_rating(con, date.max, console)
    assert "Cohorts, the newest last" in console.export_text()


def test_nothing_is_told_before_a_cohort_had_its_time(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from rating_default_rate")
    assert [shown_in_markdown(con, name) for name in TESTS] == [{}, {}, {}]
    console = Console(width=200, record=True)
    print_rating(con, date.max, console)
    assert console.export_text().startswith("No cohort is told yet")
