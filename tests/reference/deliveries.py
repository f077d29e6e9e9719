"""What a bank delivered, and what of it was known on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

Row = Mapping[str, Any]

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
