"""Purchase histories of customers, counted: one row per distinct (frequency, recency, age)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
# Frequency, recency and age.
Columns = tuple[Floats, Floats, Floats]
# Of codes of histories. A million customers with times of their own are far below.
_LARGEST = 2**63


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
        columns = [
            Distinct.of(np.asarray(column, np.float64)) for column in (frequency, recency, age)
        ]
        code = _coded(columns)
        code.sort()
        starts = np.flatnonzero(np.diff(code, prepend=-1))
        customers = np.diff(starts, append=len(code)).astype(np.float64)
        rows, found = code[starts], []
        for column in reversed(columns):
            rows, place = np.divmod(rows, max(len(column.values), 1))
            found.append(column.values[place])
        return cls(found[2], found[1], found[0], customers)

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


def _coded(columns: list[Distinct]) -> Integers:
    """One whole number per row, in the order of the first column, then of the second, and so on.

    Sorting numbers takes a fifth of the time of sorting rows.
    """
    sizes = [len(column.values) for column in columns]
    if math.prod(sizes) >= _LARGEST:
        raise BadHistories(f"{sizes} distinct values are too many to be counted together")
    code = np.zeros(len(columns[0].row), np.int64)
    for column, size in zip(columns, sizes, strict=True):
        code = code * size + column.row
    return code
