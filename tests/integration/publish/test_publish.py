"""Publishing a toy warehouse: content, equality, deltas, doubts, retention, rollback."""

import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import publisher
from orchestration.publish.publisher import PublishedVersion
from orchestration.publish.reader import open_published
from orchestration.publish.tables import PublishedTable
from orchestration.publish.versions import (
    PublishError,
    current_name,
    read_record,
    rollback,
    version_names,
)
from tests.integration.publish.toy import (
    CONSISTENT,
    RUNNING,
    TABLES,
    change,
    create_warehouse,
    publish_toy,
    set_state,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    create_warehouse(tmp_path / "warehouse.duckdb")
    return tmp_path


def state(home: Path) -> int:
    """The state that readers see, after checking that it is a whole one."""
    with open_published(home / "published") as con:
        (found,) = con.execute(CONSISTENT).fetchall()
    assert found[0]
    return int(found[1])


def same_as_warehouse(home: Path) -> bool:
    """Whether every published table, file and month equals the warehouse."""
    current = home / "published" / "current"
    record = read_record(home / "published", current.resolve().name)
    kinds = {table.name: table.kind for table in record.tables}
    with duckdb.connect() as con:
        con.execute(f"attach '{home / 'warehouse.duckdb'}' as warehouse (read_only)")
        con.execute(f"attach '{current.resolve() / 'tenure.duckdb'}' as tenure (read_only)")
        for table in TABLES:
            wanted = f"select * from warehouse.marts.{table.name}"
            places = [f"tenure.main.{table.name}"]
            if kinds[table.name] == "table":
                places.append(f"'{current}/parquet/{table.name}/*.parquet'")
            for found in places:
                both = (
                    f"(from {found} except all {wanted})",
                    f"({wanted} except all from {found})",
                )
                if con.execute(f"{both[0]} union all {both[1]}").fetchall():
                    return False
    return True


def inodes(version: PublishedVersion, table: str) -> dict[str, int]:
    return {file.name: file.stat().st_ino for file in (version.path / "parquet" / table).iterdir()}


def test_the_first_version_is_whole_and_says_what_it_is(home: Path) -> None:
    done = publish_toy(home)
    assert (done.version, done.created, done.record.method) == ("2024-03-31T0001", True, "full")
    assert done.parts_written == {"tier_month": 3, "tier_total": 1}
    assert state(home) == 0
    assert same_as_warehouse(home)
    with open_published(home / "published") as con:
        version = con.execute("select * exclude (published_at) from published_version").fetchall()
        tables = con.execute(
            "select table_name, kind, row_count, months, content_hash "
            "from published_tables order by all"
        ).fetchall()
    assert version == [
        (
            "2024-03-31T0001",
            date(2024, 3, 31),
            "p1",
            "c1",
            done.record.content_hash,
            121,
            '{"code_version": "c1", "policy_hash": "p1"}',
        )
    ]
    hashes = {table.name: table.content_hash for table in done.record.tables}
    assert tables == [
        ("tier_latest", "view", None, None, hashes["tier_latest"]),
        ("tier_month", "table", 120, 3, hashes["tier_month"]),
        ("tier_total", "table", 1, None, hashes["tier_total"]),
    ]
    record = json.loads((home / "published" / "current.json").read_text())
    assert record["version"] == "2024-03-31T0001"
    with open_published(home / "published") as con:
        (tags,) = con.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchone() or ("",)
    assert tags.startswith("v1.0.0"), "docs/connect.md promises that DuckDB 1.0 reads the file"


def test_descriptions_arrive_change_and_go(home: Path) -> None:
    query = (
        "select coalesce(t.comment, ''), coalesce(c.comment, '') from duckdb_tables() as t "
        "join duckdb_columns() as c using (table_oid) "
        "where table_name = 'tier_month' and column_name = 'amount'"
    )

    def comments() -> tuple[str, str]:
        with open_published(home / "published") as con:
            (found,) = con.execute(query.replace("table_name =", "t.table_name =")).fetchall()
        return found

    month, total, latest = TABLES
    said = replace(month, description="it's", column_descriptions=(("amount", "in 'yuan'"),))
    publish_toy(home, tables=[said, total, replace(latest, description="the last month")])
    assert comments() == ("it's", "in 'yuan'")
    again = publish_toy(home, tables=[replace(month, description="new"), total, latest])
    assert (again.created, again.record.method, again.parts_written) == (
        True,
        "copy and change",
        {},
    )
    assert comments() == ("new", "")


def test_equal_content_makes_no_new_version(home: Path) -> None:
    first = publish_toy(home)
    again = publish_toy(home, provenance={"code_version": "c2"})
    assert (again.created, again.record) == (False, first.record)
    change(
        home / "warehouse.duckdb",
        "create or replace table marts.tier_month as "
        "select * from marts.tier_month order by customer_key desc",
    )
    assert not publish_toy(home).created
    assert version_names(home / "published") == ["2024-03-31T0001"]


def test_another_as_of_date_is_another_version(home: Path) -> None:
    publish_toy(home)
    later = publish_toy(home, as_of=date(2024, 4, 1))
    assert (later.version, later.parts_written) == ("2024-04-01T0002", {})


def test_a_change_writes_its_month_and_links_the_others(home: Path) -> None:
    first = publish_toy(home)
    set_state(home / "warehouse.duckdb", 1)
    second = publish_toy(home, changed_since=RUNNING)
    assert second.record.method == "copy and change"
    assert second.parts_written == {"tier_month": 1, "tier_total": 1}
    assert state(home) == 1
    assert same_as_warehouse(home)
    before, after = inodes(first, "tier_month"), inodes(second, "tier_month")
    assert before["2024-02.parquet"] == after["2024-02.parquet"]
    assert before["2024-03.parquet"] != after["2024-03.parquet"]


def test_months_come_and_go(home: Path) -> None:
    publish_toy(home)
    warehouse = home / "warehouse.duckdb"
    change(
        warehouse,
        "insert into marts.tier_month values (date '2024-04-30', 1, 0, 1)",
        "delete from marts.tier_month where month = date '2024-01-31'",
    )
    set_state(warehouse, 2)
    done = publish_toy(home, changed_since=date(2024, 4, 1))
    assert done.notes == (
        "read all of tier_month: its row counts before 2024-04-01 are not those of the previous "
        "version",
    )
    assert same_as_warehouse(home)
    assert set(inodes(done, "tier_month")) == {
        "2024-02.parquet",
        "2024-03.parquet",
        "2024-04.parquet",
    }


def test_a_table_emptied_keeps_its_columns(home: Path) -> None:
    publish_toy(home)
    change(home / "warehouse.duckdb", "truncate marts.tier_month")
    done = publish_toy(home)
    columns = duckdb.sql(f"from '{done.path}/parquet/tier_month/*.parquet'").columns
    assert columns == ["month", "customer_key", "stamp", "amount"]
    assert same_as_warehouse(home)


def test_tables_change_shape_kind_and_membership(home: Path) -> None:
    publish_toy(home)
    month, total, latest = TABLES
    warehouse = home / "warehouse.duckdb"
    change(
        warehouse,
        "alter table marts.tier_month add column tier varchar default 'gold'",
        "create or replace view marts.tier_latest as select * from marts.tier_month "
        "where month = (select max(month) from marts.tier_month)",
    )
    assert publish_toy(home, changed_since=RUNNING).record.method == "copy and change"
    assert same_as_warehouse(home)
    change(
        warehouse,
        "drop view marts.tier_latest",
        "create table marts.tier_latest as select 1 as one",
        "drop table marts.tier_total",
        "create view marts.tier_total as select count(*) as n from marts.tier_latest",
    )
    publish_toy(home, tables=[month, replace(latest, is_view=False), replace(total, is_view=True)])
    assert same_as_warehouse(home)
    done = publish_toy(home, tables=[month])
    with open_published(home / "published") as con:
        assert {row[0] for row in con.execute("show tables").fetchall()} == {
            "tier_month",
            "published_version",
            "published_tables",
        }
    assert [table.name for table in done.record.tables] == ["tier_month"]
    assert os.listdir(done.path / "parquet") == ["tier_month"]


def test_views_stay_views_only_if_the_file_can_answer_them(home: Path) -> None:
    views = {
        "a_on_view": "select count(*) as n from marts.tier_latest",
        "b_on_hidden": "select * from marts.hidden",
        "c_on_b": "select n + 1 as n from warehouse.marts.b_on_hidden as b",
        "d_with": "with x as (select * from tier_month) select x.month, y from x, range(2) as r(y)",
        "f_import": "with tier_month as (select * from warehouse.marts.tier_month), "
        "a_on_view as (select count(*) as n from tier_month) select * from a_on_view",
        "e_on_file": f"select * from read_text('{home}/none*')",
    }
    (home / "none.txt").touch()
    change(
        home / "warehouse.duckdb",
        "create table marts.hidden as select 7 as n",
        "use marts",
        *(f"create view marts.{name} as {query}" for name, query in views.items()),
    )
    added = [
        PublishedTable(name, is_view=True, month_column="month" if name == "d_with" else None)
        for name in views
    ]
    done = publish_toy(home, tables=[*TABLES, *added])
    kinds = {table.name: table.kind for table in done.record.tables if table.name[1] == "_"}
    assert kinds == {
        "a_on_view": "view",
        "b_on_hidden": "table",
        "c_on_b": "view",
        "d_with": "view",
        "e_on_file": "table",
        "f_import": "view",
    }
    with open_published(home / "published") as con:
        assert con.execute("from a_on_view").fetchall() == [(40,)]
        assert con.execute("from c_on_b").fetchall() == [(8,)]
    tables = {table.name for table in done.record.tables if table.kind == "table"}
    assert set(os.listdir(done.path / "parquet")) == tables
    with duckdb.connect() as con:
        con.execute(f"attach '{done.path / 'tenure.duckdb'}' as elsewhere (read_only)")
        assert con.execute("from elsewhere.f_import").fetchall() == [(120,)]


def test_a_view_is_its_query_and_the_tables_it_reads(home: Path) -> None:
    views = {
        "on_total": "select * from marts.TIER_TOTAL",
        "on_view": "select count(*) as n from tier_latest",
        "on_nothing": "select 1 as n",
    }
    warehouse = home / "warehouse.duckdb"
    change(warehouse, "use marts", *(f"create view {n} as {query}" for n, query in views.items()))
    tables = [*TABLES, *(PublishedTable(name, is_view=True) for name in views)]

    def hashes() -> dict[str, str]:
        done = publish_toy(home, tables=tables)
        return {table.name: table.content_hash for table in done.record.tables}

    def changed(*statements: str) -> set[str]:
        before = hashes()
        change(warehouse, *statements)
        after = hashes()
        return {name for name in before if before[name] != after[name]}

    assert changed("update marts.tier_total set customers = 41") == {"tier_total", "on_total"}
    month = {"tier_month", "tier_latest", "on_view"}
    assert changed("update marts.tier_month set amount = 9 where customer_key = 7") == month
    query = "create or replace view marts.on_nothing as select 2 as n"
    assert changed(query) == {"on_nothing"}


def test_no_row_of_a_view_is_read(home: Path) -> None:
    change(
        home / "warehouse.duckdb",
        "create view marts.trap as select customer_key, error('a row was read') as e "
        "from marts.tier_month",
    )
    tables = [*TABLES, PublishedTable("trap", is_view=True)]
    publish_toy(home, tables=tables)
    set_state(home / "warehouse.duckdb", 1)
    done = publish_toy(home, tables=tables, changed_since=RUNNING)
    assert {table.kind for table in done.record.tables if table.name == "trap"} == {"view"}


@pytest.mark.slow
def test_months_share_no_row_group(home: Path) -> None:
    """Else replacing one makes the checkpoint write its neighbours again: seconds, every day."""
    rows = 200_000  # Well over a row group: what is smaller may share one, and costs little.
    warehouse = home / "warehouse.duckdb"
    create_warehouse(warehouse.with_name("large.duckdb"), customers=rows)
    warehouse.with_name("large.duckdb").replace(warehouse)
    change(
        warehouse,
        "create or replace view marts.tier_latest as from marts.tier_month where customer_key = 1",
        "create or replace table marts.tier_month as from marts.tier_month order by hash(amount)",
    )
    for stamp in (0, 1, 2):
        set_state(warehouse, stamp)
        done = publish_toy(home, changed_since=RUNNING)
    with open_published(home / "published") as con:
        groups = con.execute(
            "select row_group_id, min(stats), max(stats) from pragma_storage_info('tier_month') "
            "where column_name = 'month' and segment_type = 'DATE' group by all"
        ).fetchall()
    assert done.record.free_share < publisher.MAX_FREE_SHARE
    for _, low, high in groups:
        assert low == high
        assert len(set(re.findall(r"\d{4}-\d\d-\d\d", low))) == 1


def test_changes_are_not_counted_from_a_version_that_is_gone(home: Path) -> None:
    publish_toy(home)
    change(
        home / "warehouse.duckdb",
        "update marts.tier_month set amount = 9 where month = date '2024-01-31'",
    )
    set_state(home / "warehouse.duckdb", 1)
    done = publish_toy(home, changed_since=RUNNING, changed_after="2024-03-31T0002")
    assert done.notes == (
        "read everything: version 2024-03-31T0002, which changes count from, is not here",
    )
    assert same_as_warehouse(home)


def test_after_a_rollback_changes_still_count_from_the_newest(home: Path) -> None:
    first = publish_toy(home)
    warehouse = home / "warehouse.duckdb"
    change(warehouse, "update marts.tier_month set amount = 9 where month = date '2024-02-29'")
    set_state(warehouse, 1)
    second = publish_toy(home)
    rollback(home / "published", first.version)
    assert state(home) == 0
    again = publish_toy(home)
    assert (again.created, again.version) == (False, second.version)
    rollback(home / "published", first.version)
    set_state(warehouse, 2)
    publish_toy(home, changed_since=RUNNING, changed_after=second.version)
    assert state(home) == 2
    assert same_as_warehouse(home)


def test_going_back_to_earlier_content_is_a_new_version(home: Path) -> None:
    for stamp in (0, 1, 0):
        set_state(home / "warehouse.duckdb", stamp)
        done = publish_toy(home)
    assert (done.version, done.created) == ("2024-03-31T0003", True)


@pytest.mark.parametrize("file", ["version.json", "fingerprints.json", "tenure.duckdb"])
def test_a_damaged_predecessor_is_not_built_upon(home: Path, file: str) -> None:
    first = publish_toy(home)
    (first.path / file).unlink()
    done = publish_toy(home, changed_since=RUNNING)
    assert (done.created, done.record.method) == (True, "full")
    assert done.notes[0].startswith("built in full: ")
    assert same_as_warehouse(home)


def test_full_builds_on_nothing(home: Path) -> None:
    first = publish_toy(home)
    done = publish_toy(home, full=True, changed_since=RUNNING)
    assert (done.created, done.record.method) == (True, "full")
    assert done.record.content_hash == first.record.content_hash
    assert not set(inodes(first, "tier_month").values()) & set(inodes(done, "tier_month").values())


def test_a_loose_file_is_written_anew(home: Path) -> None:
    warehouse = home / "warehouse.duckdb"
    change(warehouse, "create table marts.wide as select hash(i) as h from range(600000) as r(i)")
    tables = [*TABLES, PublishedTable("wide")]
    publish_toy(home, tables=tables)
    change(warehouse, "delete from marts.wide where h % 1000 > 0")
    loose = publish_toy(home, tables=tables)
    assert loose.record.free_share > publisher.MAX_FREE_SHARE
    set_state(warehouse, 1)
    tight = publish_toy(home, tables=tables, changed_since=RUNNING)
    assert (tight.record.method, tight.parts_written.get("wide")) == ("full", None)
    assert tight.record.bytes < loose.record.bytes / 2
    assert same_as_warehouse(home)


def test_old_versions_go_but_not_under_an_open_reader(home: Path) -> None:
    first = publish_toy(home, keep_versions=1, keep_hours=0)
    held = open_published(home / "published")
    for stamp in (1, 2, 3):
        set_state(home / "warehouse.duckdb", stamp)
        done = publish_toy(home, keep_versions=1, keep_hours=0)
    assert version_names(home / "published") == [first.version, done.version]
    assert held.execute(CONSISTENT).fetchall() == [(True, 0)]
    assert state(home) == 3
    held.close()
    assert publish_toy(home, keep_versions=1, keep_hours=0).removed == (first.version,)


class Killed(BaseException):
    """Stands for the end of the process at a given step."""


def test_stopped_at_any_step_the_previous_version_stands(home: Path) -> None:
    steps: list[str] = []
    publish_toy(home, progress=steps.append)
    assert len(steps) == len(TABLES) + 6
    for stamp, at in enumerate(range(2, len(steps)), start=1):
        set_state(home / "warehouse.duckdb", stamp)
        left = at

        def stop(message: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed(message)

        with pytest.raises(Killed):
            publish_toy(home, progress=stop)
        assert current_name(home / "published") == "2024-03-31T0001"
        assert state(home) == 0
    publish_toy(home, changed_since=RUNNING)
    assert state(home) == stamp
    assert same_as_warehouse(home)
    assert not [name for name in os.listdir(home / "published") if name.startswith(".b")]


def test_a_warehouse_that_is_missing_busy_or_unfinished_is_one_sentence(home: Path) -> None:
    with pytest.raises(PublishError, match=r"the warehouse has no marts\.tier_none"):
        publish_toy(home, tables=[PublishedTable("tier_none")])
    with (
        duckdb.connect(str(home / "warehouse.duckdb")),
        pytest.raises(PublishError, match="most likely because a run is writing it"),
    ):
        publish_toy(home)
    (home / "warehouse.duckdb").unlink()
    with pytest.raises(PublishError, match="there is no warehouse at"):
        publish_toy(home)


def test_readers_cannot_write_and_learn_when_nothing_is_there(home: Path) -> None:
    with pytest.raises(PublishError, match="nothing is published in"):
        open_published(home / "published")
    done = publish_toy(home)
    with open_published(home / "published") as con, pytest.raises(duckdb.InvalidInputException):
        con.execute("delete from tier_month")
    assert not (done.path / "tenure.duckdb").stat().st_mode & 0o222


def test_a_connection_stays_on_its_version_and_a_new_one_gets_the_newest(home: Path) -> None:
    publish_toy(home)
    with open_published(home / "published") as old:
        set_state(home / "warehouse.duckdb", 1)
        publish_toy(home)
        assert state(home) == 1
        assert old.execute(CONSISTENT).fetchall() == [(True, 0)]
