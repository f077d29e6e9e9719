"""Fitting bins: monotone over numbers, codes grouped by odds, special and missing values apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orchestration.credit.bins import Bin, Binned
from orchestration.credit.characteristics import Characteristic, Coded, Numeric
from orchestration.credit.columns import Flags, Floats, Integers, codes, numbers
from orchestration.credit.errors import BadSample
from orchestration.credit.evidence import Evidence
from orchestration.credit.merging import Merging, Stretch
from orchestration.credit.policy import CardPolicy


def fit_bins(
    frame: pd.DataFrame, bad: Flags, characteristic: Characteristic, policy: CardPolicy
) -> Binned:
    """Bins of one characteristic, from rows of which `bad`, shape (n,), says how they ended."""
    evidence = Evidence(int((~bad).sum()), int(bad.sum()), policy.smoothing)
    merging = Merging(evidence, policy.least_share * len(bad), policy.most_bins)
    if isinstance(characteristic, Numeric):
        bins = _of_numbers(frame, bad, characteristic, merging, policy.fine_bins)
    else:
        bins = _of_codes(frame, bad, characteristic, merging)
    goods = np.array([one.goods for one in bins], np.float64)
    bads = np.array([one.bads for one in bins], np.float64)
    information = float(evidence.information(goods, bads).sum())
    return Binned(
        characteristic=characteristic, bins=tuple(bins), information=max(information, 0.0)
    )


def _of_numbers(
    frame: pd.DataFrame, bad: Flags, numeric: Numeric, merging: Merging, fine_bins: int
) -> list[Bin]:
    values = numbers(frame, numeric.name)
    if np.isinf(values).any():
        raise BadSample(f"{numeric.name} holds infinity: say what it means, or leave it out")
    special = np.isin(values, numeric.specials)
    missing = np.isnan(values)
    known = ~special & ~missing
    found: list[Bin] = []
    if known.any():
        found += _ranges(values[known], bad[known], numeric, merging, fine_bins)
    found += [
        _bin(merging.evidence, bad[values == value], special=value)
        for value in numeric.specials
        if (values == value).any()
    ]
    return found + _missing(merging.evidence, bad[missing])


def _ranges(
    values: Floats, bad: Flags, numeric: Numeric, merging: Merging, fine_bins: int
) -> list[Bin]:
    """Ranges that begin at values of the sample, so that bounds are values that people know."""
    at = np.arange(1, fine_bins) / fine_bins
    edges = np.unique(np.quantile(values, at, method="higher"))
    edges = edges[edges > values.min()]
    goods, bads = _count(np.searchsorted(edges, values, side="right"), bad, len(edges) + 1)
    bounds = [None, *(float(edge) for edge in edges), None]
    return [
        _counted(merging.evidence, one, low=bounds[one.start], high=bounds[one.end])
        for one in _monotone(goods, bads, numeric, merging)
    ]


def _monotone(
    goods: Sequence[int], bads: Sequence[int], numeric: Numeric, merging: Merging
) -> list[Stretch]:
    """Rising, or falling: the same read from the end. Of either the one that tells more."""
    found: list[list[Stretch]] = []
    if numeric.trend != "falling":
        found.append(merging.rising(goods, bads))
    if numeric.trend != "rising":
        n = len(goods)
        turned = merging.rising(goods[::-1], bads[::-1])
        found.append([Stretch(n - s.end, n - s.start, s.goods, s.bads) for s in turned[::-1]])
    return max(found, key=merging.information)


def _of_codes(frame: pd.DataFrame, bad: Flags, coded: Coded, merging: Merging) -> list[Bin]:
    row, distinct = codes(frame, coded.name)
    known = row >= 0
    goods, bads = _count(row[known], bad[known], len(distinct))
    evidence = merging.evidence
    groups = _groups(distinct, goods, bads, merging.least)
    counts = [(sum(goods[i] for i in group), sum(bads[i] for i in group)) for group in groups]
    # By code where weights are alike, so that the order of rows does not matter.
    order = sorted(
        range(len(groups)), key=lambda i: (evidence.weight(*counts[i]), distinct[groups[i][0]])
    )
    merged = merging.rising([counts[i][0] for i in order], [counts[i][1] for i in order])
    found: list[Bin] = []
    for one in merged:
        members = [distinct[at] for i in order[one.start : one.end] for at in groups[i]]
        found.append(_counted(evidence, one, codes=tuple(sorted(members))))
    return found + _missing(evidence, bad[~known])


def _groups(
    distinct: Sequence[str], goods: Sequence[int], bads: Sequence[int], least: float
) -> list[list[int]]:
    """Positions of codes: each by itself, but those of too few rows together.

    Were they put in order one by one, codes that hardly repeat would repeat the outcome instead.
    """
    order = sorted(range(len(distinct)), key=lambda i: distinct[i])
    rare = [i for i in order if goods[i] + bads[i] < least]
    alone = [[i] for i in order if goods[i] + bads[i] >= least]
    return [*alone, rare] if rare else alone


def _count(row: Integers, bad: Flags, n: int) -> tuple[list[int], list[int]]:
    return np.bincount(row[~bad], minlength=n).tolist(), np.bincount(row[bad], minlength=n).tolist()


def _missing(evidence: Evidence, bad: Flags) -> list[Bin]:
    return [_bin(evidence, bad, missing=True)] if len(bad) else []


def _bin(
    evidence: Evidence, bad: Flags, *, special: float | None = None, missing: bool = False
) -> Bin:
    stretch = Stretch(0, 0, int((~bad).sum()), int(bad.sum()))
    return _counted(evidence, stretch, special=special, missing=missing)


def _counted(
    evidence: Evidence,
    one: Stretch,
    *,
    low: float | None = None,
    high: float | None = None,
    codes: tuple[str, ...] = (),
    special: float | None = None,
    missing: bool = False,
) -> Bin:
    return Bin(
        low=low,
        high=high,
        codes=codes,
        special=special,
        missing=missing,
        goods=one.goods,
        bads=one.bads,
        weight=evidence.weight(one.goods, one.bads),
    )
