"""Bins of a characteristic: ranges or groups of codes, then special values, then missing."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from pydantic import Field

from orchestration.credit.characteristics import Characteristic, Finite, Frozen, Numeric
from orchestration.credit.columns import Floats, Integers, codes, numbers

# Where a row is that no bin of the fitting sample was for.
UNSEEN = -1
# Codes that a label names; the document has them all.
_SHOWN = 12


class Bin(Frozen):
    """Rows of the sample with a value in [low, high), or one of `codes`, or `special`, or none.

    A bound that is None is open. `weight`: of evidence.
    """

    low: Finite | None = None
    high: Finite | None = None
    codes: tuple[str, ...] = ()
    special: Finite | None = None
    missing: bool = False
    goods: int = Field(ge=0)
    bads: int = Field(ge=0)
    weight: Finite

    @property
    def label(self) -> str:
        """What a person reads."""
        if self.missing:
            return "missing"
        if self.special is not None:
            return f"special {self.special:.12g}"
        if self.codes:
            more = f" | {len(self.codes) - _SHOWN} more" if len(self.codes) > _SHOWN else ""
            return " | ".join(self.codes[:_SHOWN]) + more
        if self.low is None:
            return "any number" if self.high is None else f"below {self.high:.12g}"
        return f"{self.low:.12g} and more" if self.high is None else self._between

    @property
    def _between(self) -> str:
        return f"{self.low:.12g} to below {self.high:.12g}"


class Binned(Frozen):
    """A characteristic with its bins; `information`: IV of all of them."""

    characteristic: Characteristic
    bins: tuple[Bin, ...] = Field(min_length=1)
    information: float = Field(ge=0, allow_inf_nan=False)

    @property
    def weights(self) -> Floats:
        """Weights of evidence, shape (bins,)."""
        return np.array([one.weight for one in self.bins])

    @cached_property
    def ranges(self) -> tuple[int, ...]:
        """Positions of bins that are ranges of numbers, ascending."""
        return tuple(i for i, one in enumerate(self.bins) if self._is_range(one))

    def _is_range(self, one: Bin) -> bool:
        numeric = isinstance(self.characteristic, Numeric)
        return numeric and not one.missing and one.special is None

    @cached_property
    def missing(self) -> int:
        """The position of the bin for missing values; UNSEEN if the sample had none."""
        return next((i for i, one in enumerate(self.bins) if one.missing), UNSEEN)

    def special(self, value: float) -> int:
        """The position of a special value's bin; UNSEEN if the sample had none of it."""
        return next((i for i, one in enumerate(self.bins) if one.special == value), UNSEEN)

    def place(self, frame: pd.DataFrame) -> Integers:
        """Of each row the position of its bin, or UNSEEN; shape (n,)."""
        if isinstance(self.characteristic, Numeric):
            return self._of_numbers(self.characteristic, numbers(frame, self.characteristic.name))
        row, distinct = codes(frame, self.characteristic.name)
        bin_of = {code: i for i, one in enumerate(self.bins) for code in one.codes}
        # The last place is taken by position -1: missing.
        place: Integers = np.array(
            [*(bin_of.get(code, UNSEEN) for code in distinct), self.missing], np.int64
        )
        return np.asarray(place[row], np.int64)

    def _of_numbers(self, numeric: Numeric, values: Floats) -> Integers:
        edges = np.array([low for i in self.ranges if (low := self.bins[i].low) is not None], float)
        # Nan is beyond the last edge, and is put right below.
        passed = np.searchsorted(edges, values, side="right")
        found: Integers = np.array(self.ranges or (UNSEEN,), np.int64)[passed]
        for value in numeric.specials:
            found[values == value] = self.special(value)
        found[np.isnan(values)] = self.missing
        return found
