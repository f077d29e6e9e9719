"""Bins that tell good from bad as well as bins of the asked trend can, found by optbinning.

optbinning is imported where it is used: who only applies a card need not have it.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, localcontext
from itertools import pairwise

import numpy as np

from orchestration.credit.bins import Bin, Bins, close, ranges
from orchestration.credit.columns import Flags, Floats, Integers, Values
from orchestration.credit.errors import LibraryMissing
from orchestration.credit.policy import Binning, Feature

_TREND = {"either": "auto_asc_desc", "none": None}
# Seconds for one feature. The search is exact and needs a fraction of one; bins that it has not
# proved to be the best by then would depend on the machine.
_TIME_LIMIT = 60
# Seventeen tell any two doubles apart.
_DIGITS = 20


class NoBins(Exception):
    """A feature that cannot be cut: the message says why, for the card's list of those left out."""


def find_bins(feature: Feature, values: Values, bad: Flags, policy: Binning) -> Bins:
    """The feature's bins; specials and missing have their own, whatever they tell."""
    special = {name: tuple(group) for name, group in feature.special.items()}
    coded = {value for group in special.values() for value in group}
    regular = ~np.isin(values.distinct, np.array(list(coded), dtype=values.distinct.dtype))
    if values.kind == "numeric":
        regular &= np.isfinite(values.distinct.astype(np.float64))
    if not regular.any():
        raise NoBins("no row has a value")
    # Each row's place among the values that are no special ones.
    rank = np.where(regular, np.cumsum(regular) - 1, -1)
    place = np.append(rank, -1)[values.place]
    distinct = values.distinct[regular]
    if len(distinct) == 1:
        raise NoBins("constant")
    counts = _counts(place, bad, len(distinct))
    if values.kind == "numeric":
        bounds = _numeric_bounds(distinct.astype(np.float64), counts, feature, len(bad), policy)
        return close(feature.name, "numeric", ranges(bounds), special)
    groups = _groups(distinct.tolist(), counts, feature, len(bad), policy)
    return close(feature.name, "categorical", groups, special)


def _counts(place: Integers, bad: Flags, distinct: int) -> Integers:
    """Good and bad rows of every value, shape (distinct, 2)."""
    known = place >= 0
    flat = np.bincount(place[known] * 2 + bad[known], minlength=2 * distinct)
    return flat.reshape(distinct, 2).astype(np.int64)


def _numeric_bounds(
    distinct: Floats, counts: Integers, feature: Feature, rows: int, policy: Binning
) -> list[float]:
    starts = _optimum(counts, feature.trend, rows, policy, every_cut=False)
    return [shortest_between(float(distinct[at - 1]), float(distinct[at])) for at in starts]


def _groups(
    codes: list[str], counts: Integers, feature: Feature, rows: int, policy: Binning
) -> list[Bin]:
    """Codes of like rates together. Rare ones first make one group, or chance would order them."""
    rare = counts.sum(axis=1) < policy.min_share * rows
    members = [[at] for at in np.flatnonzero(~rare)]
    if rare.any():
        members.append(list(np.flatnonzero(rare)))
    totals = np.array([counts[of].sum(axis=0) for of in members])
    if len(members) == 1:
        raise NoBins("constant but for rare codes")
    rate = totals[:, 1] / totals.sum(axis=1)
    order = sorted(range(len(members)), key=lambda at: (rate[at], codes[members[at][0]]))
    starts = _optimum(totals[order], "ascending", rows, policy, every_cut=True)
    ends = [0, *starts, len(order)]
    found = []
    for start, end in pairwise(ends):
        inside = sorted(codes[at] for one in order[start:end] for at in members[one])
        found.append(Bin("codes", " | ".join(inside), values=tuple(inside)))
    return found


def _optimum(
    counts: Integers, trend: str, rows: int, policy: Binning, every_cut: bool
) -> list[int]:
    """Places at which a new bin starts; `counts`: good and bad rows of each value in order.

    Only the order of values is told, so that no outlier is too large for the library's trees,
    which cut first, unless every cut may be taken.
    """
    try:
        from optbinning import OptimalBinning
    except ImportError as error:
        raise LibraryMissing(
            f"fitting a scorecard needs optbinning and scikit-learn: run `make setup` ({error})"
        ) from error

    places = np.arange(len(counts), dtype=np.float64)
    # Rows in the order of their values: which came first decides nothing.
    x = np.repeat(places, counts.sum(axis=1))
    bad = np.repeat(np.tile([0, 1], len(counts)), counts.ravel())
    smallest = min(0.5, policy.min_share * rows / len(x))
    search = OptimalBinning(
        monotonic_trend=_TREND.get(trend, trend),
        max_n_prebins=policy.max_prebins,
        max_n_bins=policy.max_bins,
        min_prebin_size=min(0.49, smallest),
        min_bin_size=smallest,
        min_bin_n_event=policy.min_bads,
        min_bin_n_nonevent=policy.min_goods,
        user_splits=places[1:] - 0.5 if every_cut else None,
        time_limit=_TIME_LIMIT,
    )
    if not (0 < bad.sum() < len(bad)):
        raise NoBins("all rows with a value are good, or all are bad")
    search.fit(x, bad)
    if search.status != "OPTIMAL":
        raise NoBins(f"no best bins within the policy ({search.status.lower()})")
    if not len(search.splits):
        raise NoBins(
            "parts good from bad without error: does it know the outcome?"
            if _parts(counts)
            else f"no two bins of {policy.min_goods} good and {policy.min_bads} bad rows differ"
        )
    return [int(at) for at in np.searchsorted(places, search.splits)]


def _parts(counts: Integers) -> bool:
    """Whether all good rows have values on one side of all bad ones."""
    good, bad = (np.flatnonzero(counts[:, of]) for of in (0, 1))
    return bool(good[-1] < bad[0] or bad[-1] < good[0])


def shortest_between(lower: float, upper: float) -> float:
    """The number in (lower, upper] with the fewest digits: as a bound it parts the same rows."""
    low, high = Decimal(lower), Decimal(upper)
    largest = max(abs(low), abs(high)).adjusted()
    with localcontext(prec=_DIGITS):
        for digits in range(-largest, _DIGITS - largest):
            step = Decimal(1).scaleb(-digits)
            found = float((high / step).to_integral_value(ROUND_FLOOR) * step)
            if lower < found <= upper:
                return found + 0.0
    return upper
