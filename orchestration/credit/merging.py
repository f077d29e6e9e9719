"""Merging neighbouring bins until they rise, are large enough, and are few enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from orchestration.credit.columns import Floats
from orchestration.credit.evidence import Evidence


@dataclass(frozen=True)
class Stretch:
    """Neighbouring fine bins, from `start` up to and without `end`, and who is in them."""

    start: int
    end: int
    goods: int
    bads: int

    def with_next(self, other: Stretch) -> Stretch:
        """Together with the stretch that follows."""
        return Stretch(self.start, other.end, self.goods + other.goods, self.bads + other.bads)


@dataclass(frozen=True)
class Merging:
    """How bins are merged: `least` rows in each, `most` bins in all."""

    evidence: Evidence
    least: float
    most: int

    def rising(self, goods: Sequence[int], bads: Sequence[int]) -> list[Stretch]:
        """Stretches whose weights of evidence rise strictly, from counts of fine bins in order.

        Neighbours that fall are pooled. Then bins too small or of one class only join the
        neighbour that is most alike, and the two whose union loses the least information join,
        until few enough are left.
        """
        pairs = enumerate(zip(goods, bads, strict=True))
        bins = self._pooled([Stretch(i, i + 1, good, bad) for i, (good, bad) in pairs])
        while len(bins) > 1:
            small = [i for i, one in enumerate(bins) if self._too_small(one)]
            if small:
                at = self._nearest(bins, min(small, key=lambda i: bins[i].goods + bins[i].bads))
            elif len(bins) > self.most:
                at = int(np.argmin(self._lost(bins)))
            else:
                break
            joined = bins[at].with_next(bins[at + 1])
            bins = self._pooled([*bins[:at], joined, *bins[at + 2 :]])
        return bins

    def information(self, bins: Sequence[Stretch]) -> float:
        """Of these bins together."""
        return float(self.evidence.information(*_counts(bins)).sum())

    def _pooled(self, bins: Sequence[Stretch]) -> list[Stretch]:
        """Pool adjacent violators: a bin that is not better than the one before joins it."""
        found: list[Stretch] = []
        for one in bins:
            found.append(one)
            while len(found) > 1 and self._weight(found[-1]) <= self._weight(found[-2]):
                found[-2:] = [found[-2].with_next(found[-1])]
        return found

    def _weight(self, one: Stretch) -> float:
        return self.evidence.weight(one.goods, one.bads)

    def _too_small(self, one: Stretch) -> bool:
        return one.goods + one.bads < self.least or not one.goods or not one.bads

    def _nearest(self, bins: Sequence[Stretch], at: int) -> int:
        """The left of the two that join: a bin and the neighbour that is most alike."""
        gaps = np.diff(self.evidence.weights(*_counts(bins)))
        left = gaps[at - 1] if at > 0 else np.inf
        right = gaps[at] if at < len(gaps) else np.inf
        return at - 1 if left <= right else at

    def _lost(self, bins: Sequence[Stretch]) -> Floats:
        each = self.evidence.information(*_counts(bins))
        unions = [one.with_next(other) for one, other in pairwise(bins)]
        return each[:-1] + each[1:] - self.evidence.information(*_counts(unions))


def _counts(bins: Sequence[Stretch]) -> tuple[Floats, Floats]:
    goods = np.array([one.goods for one in bins], np.float64)
    return goods, np.array([one.bads for one in bins], np.float64)
