"""Equal content is recognised; unequal content, however alike, is not taken for equal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.build import stale_parts
from orchestration.publish.fingerprints import (
    TablePrint,
    next_month,
    read_prints,
    take_print,
    take_view_print,
    version_hash,
    write_prints,
)
from orchestration.publish.tables import PublishedTable
from orchestration.publish.versions import PublishError

TABLE = PublishedTable("t", schema="main", month_column="month")
ROWS = "(date '2024-01-31', 1, 2.50), (date '2024-01-31', 3, 4.50), (date '2024-02-01', 1, null)"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def taken(
    con: duckdb.DuckDBPyConnection,
    rows: str = ROWS,
    table: PublishedTable = TABLE,
    base: TablePrint | None = None,
    since: date | None = None,
    turn: int = 0,
) -> tuple[TablePrint, str | None]:
    con.execute("create or replace table t (month date, k bigint, v decimal(18, 2))")
    con.execute(f"insert into t values {rows}")
    return take_print(con, "memory", table, base, since, turn)


def test_row_order_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    turned = ", ".join(reversed(ROWS.replace("), (", ")|(").split("|")))
    assert taken(con)[0].content_hash == taken(con, turned)[0].content_hash


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(ROWS.replace("2.50", "2.51"), id="one value"),
        pytest.param(ROWS.replace("null", "0"), id="null for zero"),
        pytest.param(f"{ROWS}, (date '2024-02-01', 1, null)", id="a row twice"),
        pytest.param(
            ROWS.replace("2.50", "x").replace("4.50", "2.50").replace("x", "4.50"),
            id="two values exchanged between rows",
        ),
        pytest.param(ROWS.replace("2024-02-01", "2024-01-31"), id="another month"),
    ],
)
def test_any_difference_in_rows_shows(con: duckdb.DuckDBPyConnection, rows: str) -> None:
    assert taken(con)[0].content_hash != taken(con, rows)[0].content_hash


def test_descriptions_types_and_as_of_are_content(con: duckdb.DuckDBPyConnection) -> None:
    plain = taken(con)[0]
    described = taken(con, table=replace(TABLE, description="one row per k"))[0]
    assert plain.content_hash != described.content_hash
    assert stale_parts(plain, described) == []
    wider = replace(plain, columns=(*plain.columns[:2], ("v", "DECIMAL(18,6)")))
    assert stale_parts(plain, wider) == list(plain.parts)
    assert version_hash(date(2024, 2, 1), [plain]) != version_hash(date(2024, 2, 2), [plain])


def test_a_month_reaches_from_its_first_day_to_the_next_months(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = taken(con)[0]
    assert {key: part.rows for key, part in found.parts.items()} == {
        "2024-01-01": 2,
        "2024-02-01": 1,
    }
    assert next_month("2024-12-01") == "2025-01-01"


def test_only_changed_months_are_stale(con: duckdb.DuckDBPyConnection) -> None:
    base = taken(con)[0]
    now, doubt = taken(con, ROWS.replace("null", "1"), base=base, since=date(2024, 2, 15))
    assert doubt is None
    assert stale_parts(base, now) == ["2024-02-01"]
    assert now == taken(con, ROWS.replace("null", "1"))[0]


def test_earlier_months_are_carried_on_the_callers_word(con: duckdb.DuckDBPyConnection) -> None:
    """With one closed month its turn always comes; with two, a false word lasts one publish."""
    base = taken(con)[0]
    false = ROWS.replace("2.50", "9.99")
    now, doubt = taken(
        con, f"{false}, (date '2024-03-01', 1, 1)", base=base, since=date(2024, 3, 1), turn=1
    )
    assert doubt is None
    assert stale_parts(base, now) == ["2024-03-01"]
    now, doubt = taken(con, false, base=base, since=date(2024, 3, 1), turn=2)
    assert doubt == "its rows of 2024-01 are not those of the previous version"
    assert stale_parts(base, now) == ["2024-01-01"]


def test_a_false_word_that_changes_counts_is_found_at_once(con: duckdb.DuckDBPyConnection) -> None:
    base = taken(con)[0]
    now, doubt = taken(
        con, f"{ROWS}, (date '2024-01-02', 1, 1)", base=base, since=date(2024, 2, 1), turn=1
    )
    assert doubt == "its row counts before 2024-02-01 are not those of the previous version"
    assert stale_parts(base, now) == ["2024-01-01"]


def test_rows_without_a_month_or_a_month_that_is_no_date_are_refused(
    con: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(PublishError, match="rows without a month"):
        taken(con, "(null, 1, 1)")
    with pytest.raises(PublishError, match="must be a date and is BIGINT"):
        taken(con, table=replace(TABLE, month_column="k"))
    with pytest.raises(PublishError, match="must be a date and is missing"):
        taken(con, table=replace(TABLE, month_column="monat"))


def test_a_view_is_its_query_and_what_it_reads(con: duckdb.DuckDBPyConnection) -> None:
    read = taken(con)[0]
    other = taken(con, ROWS.replace("2.50", "2.51"))[0]
    con.execute("create view v as from t")
    view = PublishedTable("v", schema="main", is_view=True, month_column="month")
    prints = [
        take_view_print(con, "memory", view, query, reads)
        for query, reads in (("from t", [read]), ("from t", [other]), ("from t as x", [read]))
    ]
    assert len({found.content_hash for found in prints}) == 3
    assert {found.rows for found in prints} == {None}
    assert prints[0] == take_view_print(con, "memory", view, "from t", [read])
    assert stale_parts(prints[0], prints[1]) == []


def test_prints_survive_the_disk(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table = replace(TABLE, description="d", column_descriptions=(("k", "key"),))
    found = taken(con, table=table)[0]
    con.execute("create view v as from t")
    view = PublishedTable("v", schema="main", is_view=True)
    shown = take_view_print(con, "memory", view, "from t", [found])
    write_prints(tmp_path, [found, shown])
    assert read_prints(tmp_path) == {"t": found, "v": shown}
    (tmp_path / "fingerprints.json").write_text("[]")
    with pytest.raises(PublishError, match="cannot be read"):
        read_prints(tmp_path)
