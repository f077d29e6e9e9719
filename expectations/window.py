"""The window in SQL: which days and months a gate reads, and which of them are business days."""

from __future__ import annotations

from datetime import date, timedelta

from orchestration.settings import Settings
from orchestration.state import Window


def literal(day: date) -> str:
    """A date as SQL."""
    return f"date '{day.isoformat()}'"


def in_window(column: str, window: Window) -> str:
    """True for days of the window."""
    return f"({column} >= {literal(window.start)} and {column} < {literal(window.end)})"


def first_month(window: Window) -> date:
    """First day of the month in which the window starts: month-grained tables change from here."""
    return window.start.replace(day=1)


def in_months(column: str, window: Window) -> str:
    """True for days of the window's months, also those before the window."""
    return f"({column} >= {literal(first_month(window))} and {column} < {literal(window.end)})"


def month_before(window: Window) -> date:
    """First day of the month before the window's first month."""
    return (first_month(window) - timedelta(days=1)).replace(day=1)


def months(window: Window) -> str:
    """The months that the window builds, as the models see them (macro build_months)."""
    return (
        "select month, next_month, least(next_month, window_end) as period_end, "
        "least(next_month, window_end) - 1 as judged_on, next_month <= window_end as is_closed "
        "from (select month, cast(month + interval 1 month as date) as next_month, "
        f"{literal(window.end)} as window_end from (select cast(unnest(generate_series("
        f"{literal(first_month(window))}, {literal(window.as_of)}, interval 1 month)) as date) "
        "as month))"
    )


def business_days(start: date, end: date, settings: Settings) -> str:
    """The business days of [start, end), one column `day`."""
    weekend = ", ".join(f"'{name}'" for name in settings.weekend) or "''"
    holidays = ", ".join(literal(day) for day in settings.holidays) or "null::date"
    return (
        f"select day from (select cast(unnest(range({literal(start)}, {literal(end)}, "
        f"interval 1 day)) as date) as day) where lower(dayname(day)) not in ({weekend}) "
        f"and coalesce(day not in ({holidays}), true)"
    )
