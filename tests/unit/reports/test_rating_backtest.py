"""How a rating's back-test is told: newest cohort, migration, durations, overrides, picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
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
        3 * borrowers::bigint as companies, borrowers::bigint as borrowers,
        defaulted::bigint as defaulted, pd::decimal(9, 6) as expected_rate
    from (values
        ('2024-11-01', 'A', 3, 10, 0, 0.01), ('2024-11-01', 'B', 2, 10, 2, 0.05),
        ('2024-11-01', 'C', 1, 0, 0, 0.2),
        ('2024-12-01', 'A', 3, 20, 2, 0.01), ('2024-12-01', 'B', 2, 0, 0, 0.05),
        ('2024-12-01', 'C', 1, 4, 0, 0.2)
    ) as t(month, grade, grade_rank, borrowers, defaulted, pd);
create table rating_month as
    select month::date as month, last_day(month::date) as judged_on, grade
    from (values ('2024-01-01', null), ('2024-02-01', 'A'), ('2024-02-01', null),
        ('2024-03-01', 'B')) as t(month, grade);
create table rating_migration as
    select month::date as month, last_day(month::date) as judged_on,
        (month::date - to_months(followed))::date as cohort, followed as followed_months,
        from_state, to_state, companies::bigint as companies
    from (values
        ('2024-12-01', 12, 'A', 'A', 12), ('2024-12-01', 12, 'A', 'default', 2),
        ('2024-12-01', 12, 'A', 'C', 4), ('2024-12-01', 12, 'A', 'left', 2),
        ('2024-12-01', 12, 'C', 'C', 3), ('2024-12-01', 12, 'C', 'unrated', 1),
        ('2024-12-01', 12, 'entered', 'A', 9), ('2024-12-01', 12, 'unrated', 'A', 1),
        ('2024-11-01', 1, 'A', 'A', 116), ('2024-11-01', 1, 'A', 'default', 2),
        ('2024-12-01', 1, 'A', 'A', 120), ('2024-12-01', 1, 'A', 'left', 2),
        ('2024-12-01', 1, 'default', 'A', 1), ('2024-11-01', 1, 'entered', 'A', 3),
        ('2024-11-01', 1, 'unrated', 'expired', 5)
    ) as t(month, followed, from_state, to_state, companies);
create table rating_override as
    select month::date as month, last_day(month::date) as judged_on, changed_by, model_grade, grade,
        5 + borrowers::bigint as companies, borrowers::bigint as borrowers,
        defaulted::bigint as defaulted
    from (values
        ('2024-11-01', 'override', 'C', 'A', 10, 0), ('2024-11-01', 'nothing', 'B', 'B', 10, 2),
        ('2024-12-01', 'nothing', 'A', 'A', 17, 1), ('2024-12-01', 'override', 'C', 'A', 3, 1),
        ('2024-12-01', 'nothing', 'C', 'C', 2, 0), ('2024-12-01', 'override', 'B', 'C', 1, 0),
        ('2024-12-01', 'knockout', 'A', 'C', 1, 0)
    ) as t(month, changed_by, model_grade, grade, borrowers, defaulted);
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
        ["A", "60", "20", "2", "10.0%", "1.2%", "31.7%", "1.00%", "0.017", "0.004", "0.999"],
        ["B", "0", "0", "0", "", "0.0%", "100.0%", "5.00%", "", "", ""],
        ["C", "12", "4", "0", "0.0%", "0.0%", "60.2%", "20.00%", "1.000", "0.832", "0.410"],
        ["all", "72", "24", "2", "8.3%", "1.0%", "27.0%", "4.17%", "0.262", "", "0.938"],
    ]


def test_pds_far_too_high_are_seen(con: duckdb.DuckDBPyConnection) -> None:
    """None of 200 defaulted of whom 40 should have."""
    con.execute("update rating_default_rate set borrowers = 200, defaulted = 0 where grade = 'C'")
    con.execute("update rating_default_rate set borrowers = 0, defaulted = 0 where grade <> 'C'")
    *_, worst, together = newest_rates(con).rows
    assert worst[-3:] == ["1.000", "1.000", "0.000"]
    assert together[-3:] == ["1.000", "", "0.000"]
    assert newest_cohorts(con).rows[-1][2:6] == ["200", "0", "40.0", "0.000"]


def test_a_cohort_of_nobody_has_no_total(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update rating_default_rate set companies = 0, borrowers = 0, defaulted = 0")
    together = ["all", "0", "0", "0", "", "0.0%", "100.0%", "", "", "", ""]
    assert newest_rates(con).rows[-1] == together
    assert newest_cohorts(con).rows[-1][5] == ""


def test_cohorts_stand_in_a_line_each(con: duckdb.DuckDBPyConnection) -> None:
    older, newer = newest_cohorts(con).rows
    assert older[:7] == ["2023-11", "60", "20", "2", "0.6", "0.238", "55.6%"]
    assert older[10:] == ["2.0", "0"]
    assert newer[:7] == ["2023-12", "72", "24", "2", "1.0", "0.525", "-18.2%"]
    assert newer[11] == "1", "A defaulted more often than C"


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
    """236 months stayed, 4 half ones left by default or unseen, 4 entered: 20 years, 2 defaults."""
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
    assert {"A", "B", "C", "PD", "default rate", "interval"} <= set(texts)


def test_intervals_of_two_grades_are_not_joined(con: duckdb.DuckDBPyConnection) -> None:
    """A and C, whom nobody stands between: a bar each, upright, and marks that stand alone."""
    root = ElementTree.fromstring(rates_picture(con))
    drawn: dict[str | None, str] = {}
    for path in root.iter(f"{SVG}path"):
        for title in path:
            drawn.setdefault(title.text, path.get("d", ""))
    bars = [bar.split("L") for bar in drawn["interval"][1:].split("M")]
    assert [[end.split()[0] for end in bar] for bar in bars] == [["58.0"] * 2, ["288.0"] * 2]
    assert [drawn[name].count("L") for name in ("default rate", "PD")] == [0, 0]


def test_pages_and_the_terminal_tell_the_same(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    pages = {name: shown_in_markdown(con, name) for name in TESTS}
    assert [list(page) for page in pages.values()] == [
        ["default rates of 2023-12 in the 12 months after", "cohorts, the newest last", "chart"],
        ["migration from 2023-12 in 12 months", "chances of a year, by how long grades were held"],
        [newest_overrides(con).title.lower()],
    ]
    console = Console(width=200, record=True)
    print_rating(con, date.max, tmp_path, console)
    assert "Cohorts, the newest last" in console.export_text()


def test_nothing_is_told_before_a_cohort_had_its_time(
    con: duckdb.DuckDBPyConnection, policies: Path
) -> None:
    con.execute("delete from rating_default_rate")
    assert [shown_in_markdown(con, name) for name in TESTS] == [{}, {}, {}]
    told = [said(con, date(2024, 3, 31), policies), said(con, date(2024, 2, 28), policies)]
    assert [lines[0] for lines in told] == [
        "No cohort is told yet: grades have not had the time to prove themselves."
    ] * 2
    assert [lines[1:] for lines in told] == [
        ["The first one, of those rated in 2024-02, closes on 2025-02-28."], []
    ]  # fmt: skip


def test_the_first_cohort_closes_as_policy_has_it(
    con: duckdb.DuckDBPyConnection, policies: Path
) -> None:
    con.execute("delete from rating_default_rate")
    file = policies / "policy_parameter.csv"
    file.write_text(file.read_text().replace("months,12,months,", "months,1,months,"))
    assert said(con, date.max, policies)[1].endswith("closes on 2024-03-31.")


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A horizon of twelve months."""
    (tmp_path / "policy_parameter.csv").write_text(
        "parameter,value,unit,valid_from,valid_to,description\n"
        "rating_default_months,12,months,1990-01-01,,\n"
    )
    return tmp_path


def said(con: duckdb.DuckDBPyConnection, day: date, policies: Path) -> list[str]:
    console = Console(width=200, record=True)
    print_rating(con, day, policies, console)
    return console.export_text().splitlines()
