"""Purchase histories of customers, counted: one row per distinct (frequency, recency, age)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
# Frequency, recency and age.
Columns = tuple[Floats, Floats, Floats]


class BadHistories(ValueError):
    """Histories that no model can be fitted to; the message says which row and why."""


@dataclass(frozen=True)
class Distinct:
    """The distinct values of a column, and of each row which one it has."""

    values: Floats
    row: Integers

    @classmethod
    def of(cls, column: Floats) -> Self:
        """Of a column of n rows: m values in ascending order, n positions."""
        values, row = np.unique(column, return_inverse=True)
        return cls(values, row)


@dataclass(frozen=True)
class Histories:
    """n distinct histories in any one unit of time, and how many customers have each.

    `frequency`: purchases after the first one, whole numbers; `recency`: time from the first
    purchase to the last one, 0 without a repeat; `age`: time from the first purchase to the end of
    what is known. Shape of each: (n,).
    """

    frequency: Floats
    recency: Floats
    age: Floats
    customers: Floats

    def __post_init__(self) -> None:
        columns = (self.frequency, self.recency, self.age, self.customers)
        if any(column.shape != (len(self.age),) for column in columns):
            raise BadHistories("frequency, recency, age and customers must have one value per row")
        if len(self.age) == 0:
            raise BadHistories("no customer has a history")
        for broken, said in self._faults():
            if broken.any():
                row = int(np.argmax(broken))
                raise BadHistories(
                    f"history {row} ({self.frequency[row]:g} purchases, recency "
                    f"{self.recency[row]:g}, age {self.age[row]:g}, {self.customers[row]:g} "
                    f"customers): {said}"
                )

    def _faults(self) -> list[tuple[npt.NDArray[np.bool_], str]]:
        whole = (self.frequency >= 0) & (self.frequency == np.floor(self.frequency))
        return [
            (~np.isfinite(self.frequency + self.recency + self.age), "a value is not a number"),
            (~whole, "purchases are counted in whole numbers from 0"),
            (~(self.age > 0), "age must be above 0"),
            (~((self.recency >= 0) & (self.recency <= self.age)), "recency lies within the age"),
            ((self.frequency == 0) != (self.recency == 0), "recency is 0 without a repeat only"),
            (~(self.customers > 0), "somebody must have it"),
        ]

    @classmethod
    def counted(cls, frequency: Floats, recency: Floats, age: Floats) -> Self:
        """From a row per customer. Equal histories are counted; their order says nothing."""
        columns = (np.asarray(column, np.float64) for column in (frequency, recency, age))
        frequency, recency, age = columns
        order = np.lexsort((age, recency, frequency))
        rows = np.column_stack((frequency[order], recency[order], age[order]))
        first = np.ones(len(rows), bool)
        first[1:] = (rows[1:] != rows[:-1]).any(axis=1)
        starts = np.flatnonzero(first)
        customers = np.diff(starts, append=len(rows)).astype(np.float64)
        frequency, recency, age = rows[starts].T
        return cls(frequency, recency, age, customers)

    def scaled(self, unit: float) -> Histories:
        """The same in a unit of time that is `unit` times as long."""
        return Histories(self.frequency, self.recency / unit, self.age / unit, self.customers)

    @cached_property
    def total(self) -> float:
        """Customers in all."""
        return float(self.customers.sum())

    @cached_property
    def purchases(self) -> float:
        """Repeat purchases in all."""
        return float(self.customers @ self.frequency)

    @cached_property
    def mean_age(self) -> float:
        """Average age of a customer."""
        return float(self.customers @ self.age) / self.total
