"""Policy rows as they stand in the CSV files, and which of them are in force on a day."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

_DATES = {"valid_from", "valid_to"}
_NUMBERS = {
    "lower_bound",
    "within_amount",
    "within_share",
    "weight",
    "value",
    "points",
    "unit_cost",
    "full_at",
    "declared",
    "corrected",
    "excellent",
    "good",
    "average",
    "low",
    "poor",
    "default_probability",
}
_TRUTHS = {"lower_inclusive", "is_insured"}
_COUNTS = {"tier_rank", "grace_months", "silent_months", "step", "grade_rank", "precedence"}

PolicyRow = Mapping[str, Any]


class Policies:
    """The rows of all policy files."""

    def __init__(self, rows: Mapping[str, list[PolicyRow]]) -> None:
        self._rows = rows

    @classmethod
    def read(cls, folder: Path) -> Policies:
        """Reads every policy_<name>.csv."""
        rows: dict[str, list[PolicyRow]] = {}
        for path in folder.glob("policy_*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                rows[path.stem] = [
                    {column: _typed(column, text) for column, text in line.items()}
                    for line in csv.DictReader(file)
                ]
        return cls(rows)

    def on(self, name: str, day: date, **where: object) -> list[PolicyRow]:
        """Rows in force on a day: valid_from is the first, valid_to no longer."""
        return [
            row
            for row in self._rows[f"policy_{name}"]
            if row["valid_from"] <= day
            and (row["valid_to"] is None or day < row["valid_to"])
            and all(row[column] == value for column, value in where.items())
        ]

    def tiers(self, scheme: str, day: date) -> list[PolicyRow]:
        """A scheme's tiers in force, lowest first; rank r stands at index r - 1."""
        return sorted(
            self.on("tier_bound", day, scheme_code=scheme), key=lambda row: row["tier_rank"]
        )

    def tier(self, scheme: str, rank: int, day: date) -> PolicyRow | None:
        """The tier of a rank, if the scheme has one on that day."""
        found = self.on("tier_bound", day, scheme_code=scheme, tier_rank=rank)
        return found[0] if found else None

    def grace(self, scheme: str, rank: int, day: date) -> PolicyRow | None:
        """The grace rule that protects who holds a rank."""
        tier = self.tier(scheme, rank, day)
        found = self.on("tier_grace", day, grace_code=tier["grace_code"]) if tier else []
        return found[0] if found else None


def _typed(column: str, text: str) -> Any:
    if text == "":
        return None
    if column in _DATES:
        return date.fromisoformat(text)
    if column in _NUMBERS:
        return Decimal(text)
    if column in _COUNTS:
        return int(text)
    if column in _TRUTHS:
        return text == "true"
    return text
