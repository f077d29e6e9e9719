"""What a bank delivered, and what of it was known on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

Row = Mapping[str, Any]
# Whose accounts and loans are of which nobody knows the owner.
NOBODY = "(nobody)"

# What makes a row the same row when it is delivered again.
KEYS = {
    "customers": ("customer_id", "effective_on"),
    "products": ("product_id", "effective_on"),
    "accounts": ("account_id", "effective_on"),
    "account_balances": ("account_id", "balance_on"),
    "transactions": ("transaction_id",),
    "income_items": ("customer_id", "booked_on", "component"),
    "cost_items": ("customer_id", "booked_on", "component"),
    "channel_logins": ("customer_id", "channel", "login_on"),
    "interactions": ("interaction_id",),
    "leads": ("lead_id",),
    "loans": ("loan_id", "effective_on"),
    "loan_performance": ("loan_id", "month_end"),
    "external_assets": ("customer_id", "observed_on", "source"),
    "financial_statements": ("customer_id", "year_end"),
    "qualitative_assessments": ("customer_id", "item", "assessed_on"),
    "rating_decisions": ("customer_id", "decided_on", "kind"),
}


class Deliveries:
    """Accepted rows with the day they were delivered on (`loaded_on`)."""

    def __init__(self, rows: Mapping[str, Sequence[Row]]) -> None:
        self._rows = rows
        self._known: dict[tuple[str, date], list[Row]] = {}

    def known(self, table: str, day: date) -> list[Row]:
        """The rows in force on a day: of each key the one delivered last by then."""
        if (table, day) not in self._known:
            latest: dict[tuple[Any, ...], Row] = {}
            for row in sorted(self._rows.get(table, ()), key=lambda row: row["loaded_on"]):
                if row["loaded_on"] <= day:
                    latest[tuple(row[column] for column in KEYS[table])] = row
            self._known[table, day] = list(latest.values())
        return self._known[table, day]

    def all(self, table: str) -> Sequence[Row]:
        """Every accepted row, also those replaced later."""
        return self._rows.get(table, ())

    def learned(self, table: str, before: date, now: date) -> Iterator[tuple[Row, int]]:
        """What was learned from one day to another: rows that came, and rows that went (-1)."""
        known_before, known_now = self.known(table, before), self.known(table, now)
        for rows, others, sign in ((known_now, known_before, 1), (known_before, known_now, -1)):
            in_both = {id(row) for row in others}
            for row in rows:
                if id(row) not in in_both:
                    yield row, sign

    def touched(self, table: str, first: date, last: date) -> Iterator[Row]:
        """Every row that came or went within days, also those that did both."""
        latest: dict[tuple[Any, ...], Row] = {}
        for row in sorted(self._rows.get(table, ()), key=lambda row: row["loaded_on"]):
            key = tuple(row[column] for column in KEYS[table])
            if first <= row["loaded_on"] <= last:
                yield row
                if key in latest:
                    yield latest[key]
            latest[key] = row

    def versions(self, table: str, key: str, on: date, known_on: date) -> dict[str, Row]:
        """Master data: of each `key` the version effective on one day as known on another."""
        found: dict[str, Row] = {}
        for row in self.known(table, known_on):
            if row["effective_on"] <= on:
                other = found.get(row[key])
                if other is None or other["effective_on"] < row["effective_on"]:
                    found[row[key]] = row
        return found


def is_open(version: Row, day: date) -> bool:
    """Whether an account or a relationship is open at the end of a day."""
    return version["opened_on"] <= day and (
        version["closed_on"] is None or version["closed_on"] > day
    )
