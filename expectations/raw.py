"""Raw: every delivery is accounted for, and looks like the ones before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import duckdb

from expectations.check import Check, Probe
from expectations.window import business_days, in_window, literal
from orchestration.landing.contract import load_contract
from orchestration.settings import Settings
from orchestration.state import Window

# Volume. A month of business days: long enough to even out a month end, short enough to follow
# growth.
TREND_DAYS = 20
# Calendar days that surely hold TREND_DAYS business days, holidays included.
LOOK_BACK = timedelta(days=45)
# Fewer days say nothing about what is usual.
ENOUGH_DAYS = 10
# Below this many rows a day, chance alone moves the volume by more than the settings' band.
ENOUGH_ROWS = 50

# Arrival. A table is expected every day if it came the very next day nine times of ten; others
# (monthly statements, campaigns) are not missed by the day.
REGULAR_SHARE = 0.9
# The habit is read from a quarter of deliveries, up to the last one. Days without one are no part
# of it: a gap is one irregular step however long it is, so it is still one after weeks, and a
# repaired outage does not excuse the next.
HABIT_DELIVERIES = 60
# Of ten rows a day, a table is empty by chance on one day in twenty thousand; of three, in twenty.
ROWS_TO_MISS = 10
# A table that has been missed for about a year has been given up, or the contract should say so.
MISSED_FOR = timedelta(days=365)


def probes(con: duckdb.DuckDBPyConnection, window: Window, settings: Settings) -> list[Probe]:
    """The raw gate: checks for the tables delivered in the window or within a year before it."""
    delivered = _tables(con, in_window("loaded_on", window))
    known = _tables(
        con,
        f"loaded_on >= {literal(window.start - MISSED_FOR)} and loaded_on < {literal(window.end)}",
    )
    return [
        _any_delivery(window, settings),
        _files(window, delivered),
        _days(window, settings, delivered),
        _volume(window, settings, delivered),
        _delivered(window, settings, known),
        *(_stored(window, table) for table in delivered),
    ]


def _tables(con: duckdb.DuckDBPyConnection, condition: str) -> list[str]:
    """Tables with deliveries; all of the contract where the ledger cannot be read, so that the
    checks themselves report it."""
    contracted = sorted(load_contract().tables)
    try:
        found = con.execute(
            f"select distinct table_name from control.load_ledger where {condition}"
        ).fetchall()
    except duckdb.Error:
        return contracted
    names = {row[0] for row in found}
    return [name for name in contracted if name in names]


def _files(window: Window, tables: Sequence[str]) -> Probe:
    return Probe(
        source="files",
        ctes={
            "closers": "select distinct table_name from control.load_ledger "
            "where status = 'loaded' and not ends_open and file_name ilike '%.csv%'",
            "files": "select *, ends_open and table_name in (select table_name from closers) "
            f"as may_be_cut from control.load_ledger where {_days_of(window)}",
        },
        checks=tuple(check for table in tables for check in _file_checks(window, table)),
    )


def _days_of(window: Window) -> str:
    return in_window("loaded_on", window)


def _file_checks(window: Window, table: str) -> list[Check]:
    refused = f"table_name = '{table}' and status = 'refused'"
    open_sum = (
        f"table_name = '{table}' and rows_read <> accepted + duplicate + superseded + quarantined"
    )
    surprising = f"table_name = '{table}' and len(unknown_columns) > 0"
    quarantined = f"quarantined > 0 and table_name = '{table}'"
    cut = f"may_be_cut and table_name = '{table}'"
    return [
        Check(
            "refused_files",
            table,
            "error",
            "files",
            "A refused file loaded nothing: what was delivered in it is missing everywhere after.",
            value=f"count(*) filter ({refused})",
            sample=f"select loaded_on, file_name, reason from files where {refused} "
            "order by loaded_on, file_name",
        ),
        Check(
            "ledger_adds_up",
            table,
            "error",
            "files",
            "Every row read ends as accepted, duplicate, superseded or quarantined; a file whose "
            "fates do not add up to its rows lost or invented some.",
            value=f"count(*) filter ({open_sum})",
            sample="select loaded_on, file_name, rows_read, accepted, duplicate, superseded, "
            f"quarantined from files where {open_sum} order by loaded_on, file_name",
        ),
        Check(
            "unknown_columns",
            table,
            "warn",
            "files",
            "Columns outside the contract are not loaded: the extract has changed, or the "
            "contract should.",
            value=f"count(*) filter ({surprising})",
            sample=f"select loaded_on, file_name, unknown_columns from files where {surprising} "
            "order by loaded_on, file_name",
        ),
        Check(
            "last_line_ends",
            table,
            "warn",
            "files",
            "A last line without a line end, in a table whose files have one: the copy may have "
            "broken off inside the last value, which then is a shorter number.",
            value=f"count(*) filter ({cut})",
            sample=f"select loaded_on, file_name, rows_read from files where {cut} "
            "order by loaded_on, file_name",
        ),
        Check(
            "quarantined_rows",
            table,
            "warn",
            "rows",
            "Rows held back are missing in every mart until the source corrects them.",
            value=f"coalesce(sum(quarantined) filter ({quarantined}), 0)",
            sample="select loaded_on, file_name, line_no, column_name, reason_code "
            f"from control.quarantine where table_name = '{table}' and {_days_of(window)} "
            "order by loaded_on, file_name, line_no, column_name",
        ),
    ]


def _days(window: Window, settings: Settings, tables: Sequence[str]) -> Probe:
    limit = settings.quarantine_error_share
    daily = (
        "select table_name, loaded_on, sum(rows_read) as rows_read, "
        "sum(quarantined) as quarantined, "
        "case when sum(quarantined) > 1 then sum(quarantined) / sum(rows_read) else 0 end as share "
        f"from control.load_ledger where {_days_of(window)} group by table_name, loaded_on"
    )

    def share(table: str) -> Check:
        over = f"table_name = '{table}' and share > {limit}"
        return Check(
            "quarantined_share",
            table,
            "error",
            "share of a day's rows",
            "More than this points to a broken extract, not to single bad rows (setting "
            "quarantine_error_share). One row alone never blocks: small tables have days of a "
            "few rows.",
            value=f"coalesce(max(share) filter (table_name = '{table}'), 0)",
            high=limit,
            failing=f"coalesce(sum(quarantined) filter ({over}), 0)",
            sample="select loaded_on, rows_read, quarantined, round(share, 4) as share "
            f"from daily where {over} order by loaded_on",
        )

    return Probe("daily", tuple(share(table) for table in tables), {"daily": daily})


def _volume(window: Window, settings: Settings, tables: Sequence[str]) -> Probe:
    start = window.start - LOOK_BACK
    deliveries = (
        "select table_name, loaded_on, sum(rows_read) as rows_read from control.load_ledger "
        f"where status = 'loaded' and loaded_on >= {literal(start)} "
        f"and loaded_on < {literal(window.end)} and loaded_on in (select day from business) "
        # The first delivery of a table is its whole stock and no measure of a day.
        "and (table_name, loaded_on) not in ("
        "select (table_name, min(loaded_on)) from control.load_ledger group by table_name) "
        "group by table_name, loaded_on"
    )
    trend = (
        "select *, avg(rows_read) over before as mean_before, count(*) over before as days_before "
        "from deliveries window before as (partition by table_name order by loaded_on "
        f"rows between {TREND_DAYS} preceding and 1 preceding)"
    )
    unusual = (
        f"{_days_of(window)} and days_before >= {ENOUGH_DAYS} and mean_before >= {ENOUGH_ROWS} "
        f"and (rows_read < {settings.volume_low} * mean_before "
        f"or rows_read > {settings.volume_high} * mean_before)"
    )

    def in_trend(table: str) -> Check:
        return Check(
            "volume_in_trend",
            table,
            "warn",
            "days",
            f"Fewer than {settings.volume_low:g} or more than {settings.volume_high:g} times the "
            f"mean of up to {TREND_DAYS} business days before (settings volume_low, volume_high): "
            "half an extract, or one sent twice. A warning, because a bank has such days.",
            value=f"count(*) filter (table_name = '{table}' and {unusual})",
            sample="select loaded_on, rows_read, round(mean_before) as usual_rows from trend "
            f"where table_name = '{table}' and {unusual} order by loaded_on",
        )

    return Probe(
        "trend",
        tuple(in_trend(table) for table in tables),
        {
            "business": business_days(start, window.end, settings),
            "deliveries": deliveries,
            "trend": trend,
        },
    )


def _any_delivery(window: Window, settings: Settings) -> Probe:
    empty = (
        f"select day from business where day >= {literal(settings.first_day)} "
        "and day not in (select loaded_on from control.load_ledger)"
    )
    check = Check(
        "any_delivery",
        "landing",
        "warn",
        "business days",
        "A business day without any file is either a holiday missing in the settings or an "
        "extract that did not run.",
        value="count(*)",
        sample="select day from empty order by day",
    )
    business = business_days(window.start, window.end, settings)
    return Probe("empty", (check,), {"business": business, "empty": empty})


def _delivered(window: Window, settings: Settings, tables: Sequence[str]) -> Probe:
    start = window.start - MISSED_FOR
    daily = (
        "select table_name, loaded_on as day, sum(rows_read) as rows_read "
        "from control.load_ledger where loaded_on in (select day from business) "
        "group by table_name, loaded_on"
    )
    # A day on which nothing came at all is any_delivery's finding, and nobody's habit.
    days = (
        "select day, row_number() over (order by day) as place "
        "from (select distinct day from daily)"
    )
    steps = (
        "select daily.*, days.place, lead(days.place) over by_day as next_place, "
        "days.place - lag(days.place) over by_day as step "
        "from daily inner join days on daily.day = days.day "
        "window by_day as (partition by table_name order by days.place)"
    )
    habits = (
        "select *, count(step) over recent as steps, avg(rows_read) over recent as mean_rows, "
        "avg(case when step = 1 then 1.0 when step > 1 then 0 end) over recent as share "
        "from steps window recent as (partition by table_name order by place "
        f"rows between {HABIT_DELIVERIES - 1} preceding and current row)"
    )
    missed = (
        "select habits.table_name, days.day, habits.day as last_delivered "
        "from habits inner join days on days.place > habits.place "
        "and days.place < coalesce(habits.next_place, days.place + 1) "
        f"where {in_window('days.day', window)} and steps >= {ENOUGH_DAYS} "
        f"and share >= {REGULAR_SHARE} and mean_rows >= {ROWS_TO_MISS}"
    )

    def delivered(table: str) -> Check:
        return Check(
            "delivered",
            table,
            "warn",
            "business days",
            f"A table that usually comes every business day (at least {REGULAR_SHARE:.0%} of the "
            "time) is missed when it does not: the days counted here were judged on older rows.",
            value=f"count(*) filter (table_name = '{table}')",
            sample="select day, last_delivered from missed "
            f"where table_name = '{table}' order by day",
        )

    return Probe(
        "missed",
        tuple(delivered(table) for table in tables),
        {
            "business": business_days(start, window.end, settings),
            "daily": daily,
            "days": days,
            "steps": steps,
            "habits": habits,
            "missed": missed,
        },
    )


def _stored(window: Window, table: str) -> Probe:
    stored = (
        "select file_id, "
        "count(*) filter (row_status = 'accepted' and superseded_on is null) as accepted, "
        "count(*) filter (row_status = 'duplicate') as duplicate, "
        "count(*) filter (row_status = 'superseded' or superseded_on is not null) as superseded "
        f"from raw.{table} where {_days_of(window)} group by file_id"
    )
    recorded = (
        "select file_id, file_name, loaded_on, accepted, duplicate, superseded "
        f"from control.load_ledger where table_name = '{table}' and status = 'loaded' "
        f"and {_days_of(window)}"
    )
    differing = (
        "select coalesce(recorded.file_id, stored.file_id) as file_id, recorded.loaded_on, "
        "recorded.file_name, recorded.accepted, stored.accepted as accepted_stored, "
        "recorded.duplicate, stored.duplicate as duplicate_stored, "
        "recorded.superseded, stored.superseded as superseded_stored "
        "from recorded full outer join stored on recorded.file_id = stored.file_id "
        "where coalesce(recorded.accepted, 0) <> coalesce(stored.accepted, 0) "
        "or coalesce(recorded.duplicate, 0) <> coalesce(stored.duplicate, 0) "
        "or coalesce(recorded.superseded, 0) <> coalesce(stored.superseded, 0)"
    )
    check = Check(
        "rows_equal_ledger",
        table,
        "error",
        "files",
        "The rows stored of a file are those its ledger entry counts, fate by fate; else rows "
        "were lost, or loaded twice, between the two.",
        value="count(*)",
        sample="select * from differing order by loaded_on, file_name",
    )
    return Probe(
        "differing", (check,), {"stored": stored, "recorded": recorded, "differing": differing}
    )
