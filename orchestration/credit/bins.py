"""Bins of a feature: every value that there is falls into exactly one."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from orchestration.credit.columns import Integers, Kind, Values

# What a bin's weight of evidence rests on: its own rows; none, because they are too few to tell
# (it stands at 0, neither good nor bad); no row at all, so that whoever falls into it is flagged.
Basis = Literal["data", "thin", "unseen"]
Sort = Literal["range", "codes", "special", "missing", "unseen"]


@dataclass(frozen=True)
class Bin:
    """Where a value falls: numbers in [lower, upper), codes in `values`, or neither."""

    sort: Sort
    label: str
    lower: float | None = None
    upper: float | None = None
    values: tuple[float | str, ...] = ()


@dataclass(frozen=True)
class Bins:
    """A feature's bins in the card's order: regular ones, specials, missing, and unseen last."""

    feature: str
    kind: Kind
    bins: tuple[Bin, ...]
    _of: dict[float | str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_value = {value: at for at, one in enumerate(self.bins) for value in one.values}
        object.__setattr__(self, "_of", by_value)

    def assign(self, values: Values) -> Integers:
        """The bin of every row."""
        numeric = values.kind == "numeric"
        per_value = np.empty(len(values.distinct) + 1, np.int64)
        per_value[:-1] = (self._of_numbers if numeric else self._of_codes)(values.distinct)
        per_value[-1] = len(self.bins) - 2
        return per_value[values.place]

    def _of_numbers(self, values: npt.NDArray[np.generic]) -> Integers:
        numbers = values.astype(np.float64)
        places = np.array([at for at, one in enumerate(self.bins) if one.sort == "range"])
        # The last range has no upper end.
        uppers = [one.upper for one in self.bins if one.sort == "range" and one.upper is not None]
        found: Integers = places[np.searchsorted(np.array(uppers), numbers, side="right")]
        found[~np.isfinite(numbers)] = len(self.bins) - 1
        for value, at in self._of.items():
            found[numbers == value] = at
        return found

    def _of_codes(self, values: npt.NDArray[np.generic]) -> Integers:
        unseen = len(self.bins) - 1
        return np.array([self._of.get(code, unseen) for code in values.tolist()], np.int64)


def ranges(bounds: list[float]) -> list[Bin]:
    """Half-open ranges between bounds; the outermost have no end, so outliers move nothing."""
    ends = [None, *bounds, None]
    return [
        Bin("range", _range_label(lower, upper), lower, upper) for lower, upper in pairwise(ends)
    ]


def _range_label(lower: float | None, upper: float | None) -> str:
    if lower is None:
        return "any number" if upper is None else f"below {plain(upper)}"
    return f"from {plain(lower)}" + ("" if upper is None else f" below {plain(upper)}")


def plain(number: float) -> str:
    """A number with all of its digits, and no more."""
    return repr(number).removesuffix(".0")


def close(
    feature: str, kind: Kind, regular: list[Bin], special: dict[str, tuple[float | str, ...]]
) -> Bins:
    """All bins of a feature: what no row has been seen of has its place as well."""
    specials = [Bin("special", name, values=values) for name, values in special.items()]
    rest = (Bin("missing", "missing"), Bin("unseen", "unseen"))
    return Bins(feature, kind, (*regular, *specials, *rest))
