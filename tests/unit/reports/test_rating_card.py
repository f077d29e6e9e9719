"""The rating card as it is printed: nothing for people, and every criterion of a company."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import StringIO

import duckdb
import pytest
from rich.console import Console

from orchestration.reports.rating import print_rating


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Company 1: overridden in January, withdrawn in February, without a sheet in March."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table rating_month as
            select 1 as customer_key, date '2024-01-01' as month, date '2024-01-31' as judged_on,
                'A+' as rating, 'A+' as grade, 'A' as model_grade, 60::decimal(9, 2) as model_bound,
                0.004::decimal(9, 6) as default_probability,
                'energy' as industry, 'energy' as rated_as, 'capital_intensive' as benchmark,
                'producer' as trade, date '2023-12-31' as year_end, true as is_audited,
                date '2025-06-30' as valid_to, 0.75::decimal(18, 2) as quantitative_weight,
                0.25::decimal(18, 2) as qualitative_weight, 15.3125::decimal(18, 6) as total_points;
            insert into rating_month
            select customer_key, date '2024-02-01', date '2024-02-29', 'withdrawn', null,
                * exclude (customer_key, month, judged_on, rating, grade)
                replace (null as valid_to)
            from rating_month
            union all
            select customer_key, date '2024-03-01', date '2024-03-31', 'unrated', null,
                * exclude (customer_key, month, judged_on, rating, grade)
                replace (null as valid_to, null as total_points, null as year_end,
                    null as industry, 'other' as rated_as)
            from rating_month;
            create table verdict_explanation as
            select 1 as customer_key, month::date as month, family, step, measure, reason
            from (values
                ('2024-01-01', 'rating', 1, 'solvency_points', 'Solvency brings 18 points.'),
                ('2024-01-01', 'rating', 2, 'override', 'CO1 decided on 2024-01-10 for A+ until '
                    '2024-07-10: site visited.'),
                ('2024-01-01', 'rating', 3, 'knockout', 'No better than A+, as two losses apply.'),
                ('2024-01-01', 'rating', 4, 'status', 'Rated A+, valid up to 2025-06-29.'),
                ('2024-01-01', 'stage', 1, 'status', 'Growing.'),
                ('2024-02-01', 'rating', 1, 'status', 'The rating is withdrawn: so decided.'),
                ('2024-03-01', 'rating', 1, 'status', 'There is no rating: no sheet.')
            ) as t(month, family, step, measure, reason);
            create table rating_points as
            select 1 as customer_key, month::date as month, part, block, criterion, applies_to,
                state, value::decimal(18, 6) as value,
                levels[1]::decimal(12, 6) as excellent, levels[2]::decimal(12, 6) as good,
                levels[3]::decimal(12, 6) as average, levels[4]::decimal(12, 6) as low,
                levels[5]::decimal(12, 6) as poor, weight::decimal(18, 2) as weight,
                points::decimal(18, 4) as points, total::decimal(18, 6) as weighted_points,
                assessor, assessed_on::date as assessed_on
            from (values
                ('2024-01-01', 'quantitative', 'growth', 'sales_growth', 'base', 'worst', null,
                    [0.2, 0.12, 0.06, 0, -0.1], 4, 0, 0, null, null),
                ('2024-01-01', 'quantitative', 'solvency', 'debt_ratio', 'base', 'measured', 0.5,
                    [0.4, 0.5, 0.6, 0.7, 0.85], 15, 12, 9, null, null),
                ('2024-01-01', 'quantitative', 'solvency', 'current_ratio', 'base', 'measured', 1,
                    [2, 1.6, 1.3, 1, 0.7], 9, 6, 4.5, null, null),
                ('2024-01-01', 'qualitative', 'market', 'size', 'all', 'stale', 5,
                    null, 9, null, 0, 'RC1', '2022-01-10'),
                ('2024-01-01', 'qualitative', 'management', 'scaling', null, 'scaled', null,
                    null, 1, 0.25, 0.0625, null, null),
                ('2024-01-01', 'qualitative', 'management', 'managers', 'all', 'measured', 7,
                    null, 5, 7, 1.75, 'RC1', '2023-12-10')
            ) as t(month, part, block, criterion, applies_to, state, value, levels, weight, points,
                total, assessor, assessed_on);
            insert into rating_points select * replace (date '2024-02-01' as month)
            from rating_points;
            """
        )
        yield connection


def printed(con: duckdb.DuckDBPyConnection, key: int, day: date) -> list[str]:
    out = StringIO()
    print_rating(con, key, day, Console(file=out, width=120))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def cells(said: list[str]) -> dict[str, list[str]]:
    """Rows of the card by their first cell, without those that are empty."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in said if "│" in line]
    return {name: [cell for cell in others if cell] for name, *others in rows}


def test_the_state_comes_first_and_then_why(con: duckdb.DuckDBPyConnection) -> None:
    assert printed(con, 1, date(2024, 2, 10))[:6] == [
        "",
        "Rating: rated, A+, probability of default 0.40% a year",
        "Judged on 2024-01-31: Rated A+, valid up to 2025-06-29.",
        "Overridden, A being the model's: CO1 decided on 2024-01-10 for A+ until 2024-07-10: site "
        "visited.",
        "No better than A+, as two losses apply.",
        "energy, held as energy (producer) against benchmarks capital_intensive; audited statement "
        "of 2023-12-31",
    ]


def test_every_criterion_with_its_levels_state_and_source(con: duckdb.DuckDBPyConnection) -> None:
    found = cells(printed(con, 1, date(2024, 2, 10)))
    assert found["debt_ratio"] == ["0.5", "0.4", "0.5", "0.6", "0.7", "0.85", "15", "12", "9"]
    assert found["sales_growth"] == ["worst", "0.2", "0.12", "0.06", "0", "-0.1", "4", "0", "0"]
    assert found["size"] == ["5 stale", "9", "0", "RC1 on 2022-01-10"]
    assert found["managers"] == ["7", "5", "7", "1.75", "RC1 on 2023-12-10"]


def test_criteria_add_up_to_blocks_parts_and_the_total(con: duckdb.DuckDBPyConnection) -> None:
    said = printed(con, 1, date(2024, 2, 10))
    found = cells(said)
    assert found["solvency, base set"] == ["24", "18", "13.5"]
    assert found["growth, base set"] == ["4", "0", "0"]
    assert found["quantitative part"] == ["28", "18", "13.5"]
    assert found["management"] == ["6", "7.25", "1.8125"]
    assert found["qualitative part"] == ["15", "7.25", "1.8125"]
    assert said[-1] == "15.3125 points in all: by the model A, which begins at 60."
    assert [line for line in said if line.startswith("Rating card")] == [
        "Rating card: quantitative part, which weighs 75%",
        "Rating card: qualitative part, which weighs 25%",
    ]


def test_a_card_fits_a_terminal(con: duckdb.DuckDBPyConnection) -> None:
    """Names and numbers as long as they come."""
    con.execute(
        "update rating_points set criterion = 'current_asset_turnover', value = 13.085476,"
        " poor = -0.005, points = 13.3238, weighted_points = 11.096025"
        " where criterion = 'debt_ratio'"
    )
    found = cells(printed(con, 1, date(2024, 2, 10)))
    assert {"13.085476", "-0.005", "13.3238", "11.096025"} <= set(found["current_asset_turnover"])


def test_points_of_a_withdrawn_rating_make_no_grade(con: duckdb.DuckDBPyConnection) -> None:
    said = printed(con, 1, date(2024, 2, 29))
    assert said[1:3] == [
        "Rating: withdrawn, without a grade",
        "Judged on 2024-02-29: The rating is withdrawn: so decided.",
    ]
    assert said[-1] == "15.3125 points in all, which make no grade."


def test_a_grade_expires_between_judgements(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from rating_month where grade is null")
    assert (
        printed(con, 1, date(2025, 6, 29))[1]
        == "Rating: rated, A+, probability of default 0.40% a year"
    )
    assert printed(con, 1, date(2025, 6, 30))[1] == (
        "Rating: expired, without a grade since 2025-06-30"
    )


def test_without_points_there_is_only_the_state(con: duckdb.DuckDBPyConnection) -> None:
    assert printed(con, 1, date(2024, 3, 31))[1:] == [
        "Rating: unrated, without a grade",
        "Judged on 2024-03-31: There is no rating: no sheet.",
        "industry not known, held as other (producer) against benchmarks capital_intensive",
    ]


def test_the_lowest_grade_begins_nowhere(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update rating_month set model_bound = null")
    said = printed(con, 1, date(2024, 2, 10))
    assert said[-1] == "15.3125 points in all: by the model A, the lowest grade."


def test_people_have_no_card(con: duckdb.DuckDBPyConnection) -> None:
    assert printed(con, 2, date(2024, 2, 29)) == []
    assert printed(con, 1, date(2023, 12, 31)) == []
