"""The published files read row by row, apart from the importer: what the figures should be."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.reference.deliveries import Deliveries
from tests.unit.sources.booking_order import FEW_ROWS, last_balances

FIRST_DAY = date(1993, 1, 1)
Row = dict[str, Any]


@dataclass(frozen=True)
class Booking:
    """A row of trans.asc."""

    number: int
    booked_on: date
    amount: Decimal
    balance: Decimal
    is_interest: bool


@dataclass(frozen=True)
class Day:
    """An account's day with bookings and the balances with which it may have ended."""

    on: date
    closings: frozenset[Decimal]

    @property
    def closing(self) -> Decimal | None:
        """The balance with which it ended, where the day itself says so."""
        return next(iter(self.closings)) if len(self.closings) == 1 else None


# What the tiers, which are judged again, do not look at.
_NOT_ASKED = dict.fromkeys(
    ("risk_appetite", "birth_date", "region", "area", "household_income", "industry"), None
)


class PublishedBank:
    """Clients, dispositions, accounts and bookings as published."""

    def __init__(self, folder: Path) -> None:
        self.clients = list(_read(folder, "client"))
        self.accounts = {row["account_id"]: _day(row["date"]) for row in _read(folder, "account")}
        self.dispositions = list(_read(folder, "disp"))
        self.bookings: dict[str, list[Booking]] = defaultdict(list)
        for row in _read(folder, "trans"):
            sign = 1 if row["type"] == "PRIJEM" else -1
            self.bookings[row["account_id"]].append(
                Booking(
                    int(row["trans_id"]),
                    _day(row["date"]),
                    sign * Decimal(row["amount"]),
                    Decimal(row["balance"]),
                    row["k_symbol"] in ("UROK", "SANKC. UROK"),
                )
            )
        self.days = cache(self._days)

    def bookings_by_day(self, account: str) -> dict[date, list[Booking]]:
        """The account's days with bookings, in order; a day's bookings in none."""
        by_day: dict[date, list[Booking]] = defaultdict(list)
        for booking in sorted(self.bookings[account], key=lambda booking: booking.booked_on):
            by_day[booking.booked_on].append(booking)
        return by_day

    def _days(self, account: str) -> list[Day]:
        """The account's days with bookings, in order."""
        by_day = self.bookings_by_day(account)
        return [Day(on, frozenset(closings_of(rows))) for on, rows in by_day.items()]

    def plain_balances(self, account: str) -> dict[date, Decimal] | None:
        """Closing balances by day, if every day of the account is plain."""
        days = self.days(account)
        found = {day.on: day.closing for day in days if day.closing is not None}
        return found if len(found) == len(days) else None

    def deliveries(self, clients: Sequence[str]) -> Deliveries | None:
        """What the bank knew of some clients day by day; None where a day is not plain."""
        rows: dict[str, list[Row]] = defaultdict(list)
        rows["products"].append(
            {
                "product_id": "current", "effective_on": FIRST_DAY, "loaded_on": FIRST_DAY,
                "product_class": "demand", "asset_weight": Decimal(1),
            }
        )  # fmt: skip
        for role in self.dispositions:
            client, account = role["client_id"], role["account_id"]
            if client not in clients:
                continue
            opened = self.accounts[account]
            version = {"effective_on": opened, "loaded_on": opened, "opened_on": opened}
            version |= {"customer_id": client, "closed_on": None}
            rows["customers"].append(version | {"customer_type": "retail"} | _NOT_ASKED)
            if role["type"] == "OWNER":
                rows["accounts"].append(version | {"account_id": account, "product_id": "current"})
                balances = self.plain_balances(account)
                if balances is None:
                    return None
                rows["account_balances"] += [
                    {
                        "account_id": account, "balance_on": on, "loaded_on": on,
                        "closing_balance": amount,
                    }
                    for on, amount in balances.items()
                ]  # fmt: skip
        return Deliveries(rows)


def closings_of(rows: list[Booking]) -> set[Decimal]:
    """The balances with which the day may have ended: any, where there are too many rows to try."""
    if len(rows) > FEW_ROWS:
        return {row.balance for row in rows}
    return last_balances([(row.amount, row.balance) for row in rows])


def _day(text: str) -> date:
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:]))


def _read(folder: Path, name: str) -> Iterator[dict[str, str]]:
    [path] = folder.glob(f"{name}.asc*")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return csv.DictReader(io.StringIO(content.decode("ascii"), newline=""), delimiter=";")
