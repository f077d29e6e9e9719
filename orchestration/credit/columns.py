"""A column as scorecards read it: numbers or codes, and which are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.credit.errors import BadSample

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Kind = Literal["numeric", "categorical"]


@dataclass(frozen=True)
class Values:
    """A column of n rows: `distinct` values, sorted, and each row's place in them, -1 if missing.

    Numbers are binary doubles, as the engine casts them; NaN is missing, as null is.
    """

    kind: Kind
    distinct: npt.NDArray[np.generic]
    place: Integers

    @property
    def missing(self) -> Flags:
        """Rows without a value."""
        return self.place < 0


def read_values(frame: pd.DataFrame, name: str, kind: Kind) -> Values:
    """A column of a frame, refused in one sentence if it is of the other kind or is not there."""
    if name not in frame.columns:
        raise BadSample(f"feature {name}: no such column")
    column = frame[name]
    return _numbers(name, column) if kind == "numeric" else _codes(name, column)


def _numbers(name: str, column: pd.Series) -> Values:
    try:
        numbers = pd.to_numeric(column).to_numpy(np.float64, na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise BadSample(f"feature {name}: not a number: {error}") from error
    # -0.0 and 0.0 are equal to every engine and differ only in print.
    distinct, place = np.unique(numbers + 0.0, return_inverse=True)
    missing = np.isnan(numbers)
    kept = distinct[~np.isnan(distinct)]
    return Values("numeric", kept, np.where(missing, -1, place).astype(np.int64))


def _codes(name: str, column: pd.Series) -> Values:
    place, distinct = pd.factorize(column.astype(object), sort=False)
    wrong = [value for value in distinct if not isinstance(value, str)]
    if wrong:
        raise BadSample(f"feature {name}: {wrong[0]!r} is not text; cast codes to text first")
    order = sorted(range(len(distinct)), key=lambda at: distinct[at])
    rank = np.empty(len(distinct) + 1, np.int64)
    rank[order] = np.arange(len(distinct))
    rank[-1] = -1
    codes = np.array([distinct[at] for at in order], dtype=object)
    return Values("categorical", codes, rank[place])
