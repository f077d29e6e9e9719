"""What became of companies after a grade, company by company and month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Rows = Iterable[Mapping[str, Any]]
Months = Mapping[date, Mapping[str, Mapping[str, Any]]]


def earlier(month: date, by: int) -> date:
    """So many months before."""
    at = month.year * 12 + month.month - 1 - by
    return date(at // 12, at % 12 + 1, 1)


def by_month(ratings: Rows) -> Months:
    """Month -> company -> its rating, of closed months."""
    found: dict[date, dict[str, Mapping[str, Any]]] = {}
    for row in ratings:
        if row["is_closed"]:
            found.setdefault(row["month"], {})[row["customer_key"]] = row
    return found


def in_default(loans: Rows) -> set[tuple[str, date]]:
    """Companies and months of a loan that is in default and not repaid."""
    return {
        (row["customer_key"], row["month"])
        for row in loans
        if row["in_default"] and row["status"] != "repaid"
    }


def owing(loans: Rows) -> set[tuple[str, date]]:
    """Companies and months of a loan that is not repaid."""
    return {(row["customer_key"], row["month"]) for row in loans if row["status"] != "repaid"}


def moves(
    months: Months, bad: set[tuple[str, date]], horizon: int
) -> dict[tuple[date, int], dict[str, tuple[str, str]]]:
    """Month and months followed -> company -> states at either end."""
    found: dict[tuple[date, int], dict[str, tuple[str, str]]] = {}
    for month, after in months.items():
        for followed in {1, horizon}:
            cohort = earlier(month, followed)
            if cohort not in months:
                continue
            before = months[cohort]
            found[month, followed] = {
                company: (
                    _start(company, before, bad, cohort),
                    _end(company, after, bad, month, followed),
                )
                for company in before.keys() | after.keys()
            }
    return found


def _start(
    company: str, before: Mapping[str, Mapping[str, Any]], bad: set[tuple[str, date]], cohort: date
) -> str:
    if company not in before:
        return "entered"
    return "default" if (company, cohort) in bad else str(before[company]["rating"])


def _end(
    company: str,
    after: Mapping[str, Mapping[str, Any]],
    bad: set[tuple[str, date]],
    month: date,
    followed: int,
) -> str:
    if any((company, earlier(month, by)) in bad for by in range(followed)):
        return "default"
    return str(after[company]["rating"]) if company in after else "left"


def migration(months: Months, bad: set[tuple[str, date]], horizon: int) -> Counter[tuple[Any, ...]]:
    """Month, months followed, from, to -> companies."""
    return Counter(
        (month, followed, start, end)
        for (month, followed), companies in moves(months, bad, horizon).items()
        for start, end in companies.values()
    )


def overridden(
    months: Months, bad: set[tuple[str, date]], owe: set[tuple[str, date]], horizon: int
) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Month, what made the difference, model's grade, final grade -> companies, borrowers among
    them, and defaults.
    """
    found: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    for (month, followed), companies in moves(months, bad, horizon).items():
        if followed != horizon:
            continue
        for company, (start, end) in companies.items():
            row = months[earlier(month, horizon)].get(company)
            if row is None or row["grade"] is None or start == "default":
                continue
            key = (month, row["changed_by"], row["model_grade"], row["grade"])
            owed = any((company, earlier(month, by)) in owe for by in range(horizon + 1))
            all_so_far, borrowed, lost = found.get(key, (0, 0, 0))
            found[key] = all_so_far + 1, borrowed + owed, lost + (end == "default")
    return found
