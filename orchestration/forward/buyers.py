"""Who ever paid somebody: histories and amounts that purchase models learn from."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.value.histories import Columns, Floats


@dataclass(frozen=True)
class Buyers:
    """n customers, a row per distinct history and amount; shapes (n,).

    `days` on which they paid; `recency` from the first of them to the last and `age` from the first
    to the month's end, in days; `spend` in all, reporting currency. They are looked at over
    `horizon_months`, with `discount` a month.
    """

    days: Floats
    recency: Floats
    age: Floats
    spend: Floats
    customers: Floats
    horizon_months: int
    discount: float

    @property
    def history(self) -> Columns:
        """Repeat purchases, recency and age in days."""
        return self.days - 1, self.recency, self.age

    @property
    def average(self) -> Floats:
        """What they spent a day."""
        return self.spend / self.days

    def some(self, most: int) -> Buyers:
        """At most so many rows of them, evenly spread; the same whoever asks."""
        rows = slice(None, None, max(1, -(-len(self.days) // most)))
        return Buyers(
            self.days[rows],
            self.recency[rows],
            self.age[rows],
            self.spend[rows],
            self.customers[rows],
            self.horizon_months,
            self.discount,
        )
