"""Weights of evidence: what falling into a bin says for or against somebody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.credit.bins import Basis
from orchestration.credit.columns import Flags, Floats, Integers
from orchestration.credit.policy import Binning


@dataclass(frozen=True)
class Weights:
    """Per bin: good and bad rows, weight of evidence, and what it rests on; shapes (bins,).

    `evidence` is ln of the bin's share of the good over its share of the bad: positive is good.
    """

    goods: Integers
    bads: Integers
    evidence: Floats
    basis: tuple[Basis, ...]
    information_value: float

    @property
    def share(self) -> Floats:
        """Each bin's share of the rows."""
        rows = self.goods + self.bads
        shares: Floats = rows / rows.sum()
        return shares


def weigh(assigned: Integers, bins: int, bad: Flags, policy: Binning) -> Weights:
    """Weights of a feature's bins from the rows that fell into them."""
    bads = np.bincount(assigned[bad], minlength=bins).astype(np.int64)
    goods = np.bincount(assigned[~bad], minlength=bins).astype(np.int64)
    told = (goods >= policy.min_goods) & (bads >= policy.min_bads)
    basis: list[Basis] = [
        "unseen" if not rows else "data" if enough else "thin"
        for rows, enough in zip(goods + bads, told, strict=True)
    ]
    good_share, bad_share = goods / goods.sum(), bads / bads.sum()
    evidence = np.zeros(bins)
    evidence[told] = np.log(good_share[told] / bad_share[told])
    value = float(((good_share - bad_share) * evidence)[told].sum())
    return Weights(goods, bads, evidence, tuple(basis), value)
