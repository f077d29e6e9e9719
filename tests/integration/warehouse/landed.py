"""Landing files made by hand: customers whose deposits stay the same through each month."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from orchestration.landing.contract import load_contract
from tests.reference.days import add_months

Line = Mapping[str, object]


class Deliverer:
    """Collects rows by table and day of delivery."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, date], list[Line]] = defaultdict(list)

    def deliver(self, table: str, loaded_on: date, **row: object) -> None:
        """One row of a table's delivery on a day."""
        self._rows[table, loaded_on].append(row)

    def product(self, on: date, code: str = "CURRENT", name: str = "demand", **row: object) -> None:
        """A product's version, effective and delivered on a day."""
        row = {"effective_on": on, "loaded_on": on, "asset_weight": 1, "ftp_spread": 0} | row
        self._versioned("products", product_id=code, product_name=code, product_class=name, **row)

    def customer(self, number: str, on: date, **row: object) -> None:
        """A customer's version, by default opened, effective and delivered on a day."""
        row = {
            "effective_on": on,
            "loaded_on": on,
            "opened_on": on,
            "customer_type": "retail",
        } | row
        self._versioned("customers", customer_id=number, **row)

    def account(self, number: str, customer: str, on: date, **row: object) -> None:
        """An account's version, by default opened, effective and delivered on a day."""
        row = {
            "effective_on": on, "loaded_on": on, "opened_on": on, "product_id": "CURRENT",
            "currency": "CNY", "status": "active",
        } | row  # fmt: skip
        self._versioned("accounts", account_id=number, customer_id=customer, **row)

    def balance(
        self, account: str, on: date, amount: object, loaded_on: date | None = None
    ) -> None:
        """A closing balance, by default delivered on its day."""
        self.deliver(
            "account_balances", loaded_on or on,
            account_id=account, balance_on=on, closing_balance=amount,
        )  # fmt: skip

    def steady(self, number: str, first: date, monthly: Sequence[Decimal | int | None]) -> None:
        """A customer with one account and a balance per month; None leaves it as it is."""
        self.customer(number, first)
        self.account(f"A-{number}", number, first)
        for index, amount in enumerate(monthly):
            if amount is not None:
                self.balance(f"A-{number}", add_months(first, index), amount)

    def files(self) -> dict[str, str]:
        """The landing files, in order of delivery."""
        contract = load_contract().tables
        found = {}
        for (table, day), rows in self._rows.items():
            found[f"{table}/{day}/a.csv"] = as_csv(contract[table].columns, rows)
        return found

    def in_time(self, first: date) -> Deliverer:
        """What holds in the end, each row delivered on its day, or on `first` if that was later."""
        contract, punctual = load_contract().tables, Deliverer()
        newest: dict[tuple[str, tuple[str, ...]], Line] = {}
        for (table, _), rows in sorted(self._rows.items(), key=lambda item: item[0]):
            for row in rows:
                newest[table, tuple(str(row[name]) for name in contract[table].key)] = row
        for (table, _), row in newest.items():
            happened = date.fromisoformat(str(row[contract[table].happened])[:10])
            punctual.deliver(table, max(happened, first), **row)
        return punctual

    def _versioned(self, table: str, **row: object) -> None:
        loaded_on = row.pop("loaded_on")
        assert isinstance(loaded_on, date)
        self.deliver(table, loaded_on, **row)


def as_csv(columns: Iterable[str], rows: Iterable[Line]) -> str:
    """Rows under a header; what a row does not say is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
