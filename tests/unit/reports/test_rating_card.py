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
    """Company 1: rated in January, and without a statement in February."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table rating_month as
            select 1 as customer_key, date '2024-01-01' as month, date '2024-01-31' as judged_on,
                'A+' as rating, 'stable' as outlook, 'energy' as industry, 'energy' as rated_as,
                'capital_intensive' as benchmark, 'producer' as trade,
                date '2023-12-31' as year_end, true as is_audited, date '2025-06-30' as valid_to,
                67.5::decimal(18, 6) as total_points
            union all
            select 1, date '2024-02-01', date '2024-02-29', 'unrated', null, null, 'other',
                'general', 'producer', null, null, null, null;
            create table rating_points as
            select 1 as customer_key, date '2024-01-01' as month, 'quantitative' as part,
                'solvency' as block, 'debt_ratio' as criterion, 'base' as applies_to,
                'measured' as state, 0.5::decimal(18, 6) as value, 0.4::decimal(12, 6) as excellent,
                0.85::decimal(12, 6) as poor, 15::decimal(18, 2) as weight,
                12::decimal(18, 4) as points, 9::decimal(18, 6) as weighted_points,
                null::varchar as assessor, null::date as assessed_on
            union all
            select 1, date '2024-01-01', 'qualitative', 'market', 'size', 'all', 'stale', 5, null,
                null, 9, null, 0, 'RC1', date '2022-01-10'
            union all
            select 1, date '2024-02-01', 'quantitative', 'solvency', 'debt_ratio', 'base',
                'missing', null, 0.4, 0.85, 15, null, 0, null, null
            """
        )
        yield connection


def printed(con: duckdb.DuckDBPyConnection, key: int, day: date) -> str:
    out = StringIO()
    print_rating(con, key, day, Console(file=out, width=200))
    return out.getvalue()


def test_every_criterion_with_its_source(con: duckdb.DuckDBPyConnection) -> None:
    said = printed(con, 1, date(2024, 2, 10))
    assert "Rating on 2024-01-31: A+; outlook stable" in said
    assert "energy, held as energy (producer) against benchmarks capital_intensive" in said
    assert "audited statement of 2023-12-31" in said
    assert "67.5 points in all" in said
    (ratio,) = [line for line in said.splitlines() if "debt_ratio" in line]
    assert [cell.strip() for cell in ratio.split("│")[1:-1]] == [
        "solvency", "debt_ratio", "0.5", "0.4", "0.85", "15", "12", "9", "base",
    ]  # fmt: skip
    assert "size (stale)" in said
    assert "RC1 on 2022-01-10" in said


def test_without_a_rating_the_card_says_what_is_missing(con: duckdb.DuckDBPyConnection) -> None:
    said = printed(con, 1, date(2024, 2, 29))
    assert "Rating on 2024-02-29: unrated; industry not known, held as other" in said
    assert "debt_ratio (missing)" in said


def test_people_have_no_card(con: duckdb.DuckDBPyConnection) -> None:
    assert printed(con, 2, date(2024, 2, 29)) == ""
    assert printed(con, 1, date(2023, 12, 31)) == ""
