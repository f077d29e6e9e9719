"""Which rows a card learns from and which test it: by time, never by chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from orchestration.credit.columns import Flags
from orchestration.credit.errors import BadSample


@dataclass(frozen=True)
class Windows:
    """Half-open: rows of [start, split) are learned from, rows of [split, end) test the card."""

    start: date
    split: date
    end: date

    def __post_init__(self) -> None:
        if not self.start < self.split < self.end:
            raise BadSample(f"windows must rise: {self.start}, {self.split}, {self.end}")

    def parts(self, days: pd.Series) -> tuple[Flags, Flags]:
        """Rows to learn from and rows to test; a row without a day is refused."""
        known = pd.to_datetime(days)
        if known.isna().any():
            raise BadSample(f"{int(known.isna().sum())} rows have no day to split by")
        at = known.to_numpy("datetime64[s]")
        bounds = [np.datetime64(day, "s") for day in (self.start, self.split, self.end)]
        return (bounds[0] <= at) & (at < bounds[1]), (bounds[1] <= at) & (at < bounds[2])


def later_half(days: pd.Series) -> Flags | None:
    """Rows of the later half of the days that there are; none of one day alone."""
    distinct = np.unique(days)
    if len(distinct) < 2:
        return None
    later: Flags = (days >= distinct[len(distinct) // 2]).to_numpy(np.bool_)
    return later
