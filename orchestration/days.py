"""Which days a person may ask for."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.errors import TenureError
from orchestration.settings import LATEST, Settings

# Longer without any delivery is more likely a slip of the pen than a bank at rest.
_SILENCE = timedelta(days=31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadDays(TenureError):
    """The days asked for cannot be run."""


def chosen_days(
    settings: Settings,
    day: datetime | None,
    first: datetime | None,
    last: datetime | None,
    empty: bool = False,
) -> tuple[date, date]:
    """One day, or the two ends of a range, both included. Raises BadDays.

    `empty`: days may lie long after the newest delivery.
    """
    if (day is None) == (first is None and last is None):
        raise BadDays("give either --date, or --from and --to")
    if day is None and (first is None or last is None):
        raise BadDays("a range needs both --from and --to")
    begin = (day or first or datetime.min).date()
    end = (day or last or datetime.min).date()
    if begin > end:
        raise BadDays(f"--from {begin} lies after --to {end}")
    newest = newest_day(settings)
    if end > newest:
        raise BadDays(
            f"{end} is too late: a run can go up to {newest}, the later of yesterday and the "
            f"newest delivery. A home cannot be taken back from a later day."
        )
    delivered = max(delivered_days(settings), default=None)
    if delivered is not None and end > delivered + _SILENCE and not empty:
        raise BadDays(
            f"the newest delivery is of {delivered}, and {end} lies {(end - delivered).days} days "
            "after it: all of them would be judged as days on which nothing happened, and a home "
            "cannot be taken back. Give a day up to then, or --empty if that is meant"
        )
    if begin < settings.first_day:
        raise BadDays(
            f"{begin} lies before the bank's first day {settings.first_day}; "
            f"set first_day in {settings.home / 'tenure.toml'}"
        )
    return begin, end


def newest_day(settings: Settings) -> date:
    """Yesterday in the bank's time zone, or the newest delivery if that is later."""
    today = datetime.now(ZoneInfo(settings.business_time_zone)).date()
    return max([today - timedelta(days=1), *delivered_days(settings)])


def delivered_days(settings: Settings) -> list[date]:
    """The days of all folders in landing."""
    names = {path.name for path in settings.landing_dir.glob("*/*") if path.is_dir()}
    return [day for day in map(_day, names) if day is not None and day <= LATEST]


def _day(name: str) -> date | None:
    if not _DAY.fullmatch(name):
        return None
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
