"""Which days a layer builds: never fewer than have changed, always up to where it was."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.partitions import window_of_keys
from orchestration.state import (
    ONE_DAY,
    Mark,
    Window,
    begin,
    create_state,
    dated_basis,
    drop_marks,
    finish,
    first_changed_since,
    first_day_known,
    is_building,
    next_window,
    raw_version,
    read_mark,
    write_mark,
)

FIRST = date(2024, 1, 1)
offsets = st.integers(0, 400)


def on(offset: int) -> date:
    """A day of the bank."""
    return FIRST + timedelta(days=offset)


def window(first: int, last: int) -> Window:
    """Days first to last, both included."""
    return Window(on(first), on(last) + ONE_DAY)


@pytest.mark.parametrize(
    ("through", "changed", "asked", "built"),
    [
        (None, None, (5, 5), (0, 5)),  # nothing built: everything
        (4, None, (5, 5), (5, 5)),  # the next day
        (4, None, (9, 9), (5, 9)),  # days in between are not left out
        (9, None, (3, 3), (3, 9)),  # an old day: everything after it too
        (9, None, (3, 4), (3, 9)),
        (9, 2, (9, 9), (2, 9)),  # a late file in an old folder
        (9, 2, (10, 10), (2, 10)),
        (9, 10, (10, 10), (10, 10)),  # the new day's own rows
        (9, 2, (1, 1), (1, 9)),
    ],
)
def test_the_days_that_are_built(
    through: int | None, changed: int | None, asked: tuple[int, int], built: tuple[int, int]
) -> None:
    mark = None if through is None else Mark(1, on(through), "basis")
    first_changed = None if changed is None else on(changed)
    assert next_window(mark, window(*asked), FIRST, first_changed, "basis") == window(*built)


def test_another_basis_builds_everything_up_to_the_frontier() -> None:
    mark = Mark(1, on(9), "old policy")
    assert next_window(mark, window(3, 3), FIRST, None, "new policy") == window(0, 9)
    assert next_window(mark, window(12, 12), FIRST, None, "new policy") == window(0, 12)


def test_what_is_so_from_a_day_on_builds_nothing_before_it() -> None:
    """A new champion from day 7: announced before its day, on it, in the past, and taken back."""
    before = dated_basis("code", {on(2): "one"})
    after = dated_basis("code", {on(2): "one", on(7): "other"})
    for built, now, through, expected in (
        (before, after, 4, (5, 5)),
        (before, after, 9, (7, 10)),
        (after, before, 9, (7, 10)),
        (after, after, 9, (10, 10)),
        (before, dated_basis("code", {on(2): "another"}), 9, (2, 10)),
        (before, dated_basis("other code", {on(2): "one"}), 9, (0, 10)),
        ("code", before, 9, (2, 10)),
    ):
        asked = window(through + 1, through + 1)
        mark = Mark(1, on(through), built)
        assert next_window(mark, asked, FIRST, None, now) == window(*expected)


@given(
    through=st.none() | offsets,
    changed=st.none() | offsets,
    first=offsets,
    length=st.integers(0, 60),
    same_basis=st.booleans(),
)
def test_a_window_covers_whatever_is_not_up_to_date(
    through: int | None, changed: int | None, first: int, length: int, same_basis: bool
) -> None:
    mark = None if through is None else Mark(1, on(through), "a")
    asked = window(first, first + length)
    first_changed = None if changed is None else on(changed)
    built = next_window(mark, asked, FIRST, first_changed, "a" if same_basis else "b")
    assert FIRST <= built.start < built.end
    assert built.start <= asked.start, "what was asked for is built"
    assert built.end == max(asked.end, mark.through + ONE_DAY if mark else FIRST)
    if first_changed is not None and first_changed < built.end:
        assert built.start <= first_changed
    if mark is None or not same_basis:
        assert built.start == FIRST
    else:
        assert built.start <= mark.through + ONE_DAY, "no day is left out"


@given(runs=st.lists(st.tuples(offsets, st.integers(0, 30)), min_size=1, max_size=8))
def test_runs_in_any_order_leave_no_gap(runs: list[tuple[int, int]]) -> None:
    built: set[date] = set()
    mark = None
    for first, length in runs:
        days = next_window(mark, window(first, first + length), FIRST, None, "a")
        built |= {days.start + timedelta(days=n) for n in range((days.end - days.start).days)}
        mark = Mark(1, days.as_of, "a")
    assert mark is not None
    assert built == {on(n) for n in range((mark.through - FIRST).days + 1)}


@given(first=offsets, length=st.integers(0, 400))
def test_partition_keys_are_half_open_windows(first: int, length: int) -> None:
    asked = window_of_keys(str(on(first)), str(on(first + length)))
    assert (asked.start, asked.as_of) == (on(first), on(first + length))


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    create_state(connection)
    create_state(connection)
    return connection


def test_marks_are_remembered_and_forgotten(con: duckdb.DuckDBPyConnection) -> None:
    assert read_mark(con, "facts") is None
    for name in ("raw", "facts"):
        write_mark(con, name, Mark(3, on(3), ""))
        write_mark(con, name, Mark(4, on(4), "b"))
    assert read_mark(con, "facts") == Mark(4, on(4), "b")
    drop_marks(con)
    assert read_mark(con, "facts") is None
    assert read_mark(con, "raw") is None, "a rebuild may end on an earlier day"


def test_a_build_that_did_not_finish_shows(con: duckdb.DuckDBPyConnection) -> None:
    assert not is_building(con, "facts")
    begin(con, "facts")
    assert is_building(con, "facts")
    assert not is_building(con, "marts")
    finish(con, "facts", Mark(1, on(1), ""))
    assert not is_building(con, "facts")


def test_versions_of_days(con: duckdb.DuckDBPyConnection) -> None:
    assert raw_version(con, on(9)) == 0
    assert first_changed_since(con, None) is None
    assert first_day_known(con, on(2)) == on(2)
    con.execute("insert into control.day_versions values (?, 5), (?, 7)", [on(1), on(4)])
    assert [raw_version(con, on(n)) for n in (0, 1, 3, 4)] == [0, 5, 5, 7]
    assert first_changed_since(con, None) == on(1)
    assert first_changed_since(con, Mark(5, on(4), "")) == on(4)
    assert first_changed_since(con, Mark(7, on(4), "")) is None
    assert first_day_known(con, on(2)) == on(1)
    assert first_day_known(con, on(0)) == on(0)
