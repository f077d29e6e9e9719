"""What a warehouse says, under the bank's own numbers, and how it differs from the reference."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.keys import surrogate_key
from tests.reference.deliveries import KEYS, NOBODY, Deliveries

Key = tuple[Any, ...]
Row = Mapping[str, Any]


class Warehouse:
    """Read access to a copy of one home's warehouse, so that runs and commands go on beside it."""

    def __init__(self, path: Path, salt: str) -> None:
        # Of the same name: views name the file they stand in.
        folder = path.parent / "compared"
        folder.mkdir(exist_ok=True)
        self.con = duckdb.connect(str(shutil.copy(path, folder)), read_only=True)
        self._salt = salt
        self._names = {0: NOBODY}
        for entity, tables in (
            ("customer", ("customers", "accounts", "income_items", "cost_items", "channel_logins",
                          "interactions", "leads", "loans", "external_assets",
                          "financial_statements", "qualitative_assessments",
                          "rating_decisions")),
            ("account", ("accounts", "account_balances", "transactions")),
            ("loan", ("loans", "loan_performance")),
        ):  # fmt: skip
            for table in tables:
                for (number,) in self.con.execute(
                    f"select distinct {entity}_id from raw.{table} where {entity}_id is not null"
                ).fetchall():
                    self._names[self.key(entity, number)] = number

    def key(self, entity: str, number: str) -> int:
        """The surrogate key of a bank's own number."""
        return surrogate_key(entity, number, self._salt)

    def deliveries(self) -> Deliveries:
        """The accepted rows: what the reference starts from."""
        return Deliveries(
            {
                table: self.rows(f"select * from raw.{table} where row_status = 'accepted'")
                for table in KEYS
            }
        )

    def rows(self, query: str) -> list[dict[str, Any]]:
        """A query's rows as mappings, surrogate keys read as the bank's numbers."""
        cursor = self.con.execute(query)
        columns = [column[0] for column in cursor.description or []]
        found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        for row in found:
            for column in ("customer_key", "account_key", "loan_key"):
                if column in row:
                    row[column] = self._names[row[column]]
        return found

    def table(self, name: str, *key: str) -> dict[Key, dict[str, Any]]:
        """A table's rows by key; a key that stands twice is an error of its own."""
        rows = self.rows(f"select * from {name}")
        found = {tuple(row[column] for column in key): row for row in rows}
        assert len(found) == len(rows), f"{name}: {len(rows) - len(found)} keys stand twice"
        return found


def differences(
    found: Mapping[Key, Row], expected: Mapping[Key, Row], columns: Iterable[str] | None = None
) -> list[str]:
    """Every row that only one side has, and every value that differs; the first twenty."""
    told = [f"missing {key}: {expected[key]}" for key in expected.keys() - found.keys()]
    told += [f"too many {key}: {found[key]}" for key in found.keys() - expected.keys()]
    for key in found.keys() & expected.keys():
        for column in columns or expected[key].keys():
            if found[key][column] != expected[key][column]:
                told.append(f"{key} {column}: {found[key][column]}, not {expected[key][column]}")
    return sorted(told)[:20]
