"""Bins are as good as the best that can be found by trying all."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest

from orchestration.credit.binning import NoBins, find_bins
from orchestration.credit.columns import read_values
from orchestration.credit.policy import Binning, Feature
from orchestration.credit.weights import weigh

LIMITS = Binning(max_bins=4, max_prebins=20, min_share=0.05, min_goods=5, min_bads=5)


def best_by_trying(codes: pd.Series, bad: np.ndarray) -> float:
    """The highest information value of any grouping of neighbours in the order of rates."""
    counts = pd.crosstab(codes, bad)
    ordered = counts.loc[(counts[True] / counts.sum(axis=1)).sort_values().index].to_numpy()
    totals = ordered.sum(axis=0)
    best = 0.0
    for many in range(1, LIMITS.max_bins):
        for cuts in combinations(range(1, len(ordered)), many):
            groups = [ordered[a:b].sum(axis=0) for a, b in pairwise((0, *cuts, len(ordered)))]
            if min(map(min, groups)) >= LIMITS.min_bads:
                share = np.array(groups) / totals
                gain = (share[:, 0] - share[:, 1]) * np.log(share[:, 0] / share[:, 1])
                best = max(best, float(gain.sum()))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_codes_are_grouped_as_well_as_can_be(seed: int) -> None:
    random = np.random.default_rng(seed)
    codes = pd.Series(random.choice(list("abcdefg"), 700).astype(object))
    bad = random.random(700) < codes.map(dict(zip("abcdefg", random.random(7) / 2, strict=True)))
    values = read_values(pd.DataFrame({"x": codes}), "x", "categorical")
    outcome = bad.to_numpy(np.bool_)
    bins = find_bins(Feature(name="x", kind="categorical"), values, outcome, LIMITS)
    found = weigh(bins.assign(values), len(bins.bins), outcome, LIMITS).information_value
    # The library counts in whole numbers of a millionth or so.
    assert found == pytest.approx(best_by_trying(codes, outcome), abs=1e-4)


@pytest.mark.parametrize("trend", ["ascending", "descending", "peak", "valley"])
def test_the_trend_asked_for_is_the_trend_found(trend: str) -> None:
    random = np.random.default_rng(12)
    x = random.normal(size=3000)
    shapes = {"ascending": x, "descending": -x, "peak": -(x**2), "valley": x**2}
    bad = random.random(3000) < 1 / (1 + np.exp(1 - shapes[trend]))
    frame = pd.DataFrame({"x": x})
    values = read_values(frame, "x", "numeric")
    bins = find_bins(Feature(name="x", kind="numeric", trend=trend), values, bad, LIMITS)  # type: ignore[arg-type]
    weights = weigh(bins.assign(values), len(bins.bins), bad, LIMITS)
    regular = slice(0, len(bins.bins) - 2)
    steps = np.sign(np.diff(weights.bads[regular] / (weights.goods + weights.bads)[regular]))
    turns = (np.diff(steps) != 0).sum()
    assert len(steps) >= 2
    assert (turns, steps[0]) in {
        "ascending": {(0, 1)},
        "descending": {(0, -1)},
        "peak": {(1, 1)},
        "valley": {(1, -1)},
    }[trend]


def test_rare_codes_stand_together() -> None:
    codes = pd.Series(["a"] * 400 + ["b"] * 400 + list("cdefghij") * 10, dtype=object)
    random = np.random.default_rng(3)
    bad = random.random(len(codes)) < codes.map({"a": 0.1, "b": 0.4}).fillna(0.2)
    values = read_values(pd.DataFrame({"x": codes}), "x", "categorical")
    bins = find_bins(Feature(name="x", kind="categorical"), values, bad.to_numpy(bool), LIMITS)
    assert sum(set("cdefghij") <= set(one.values) for one in bins.bins) == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (0, "parts good from bad without error"),
        (2, "no two bins of 5 good and 5 bad rows differ"),
    ],
)
def test_a_feature_that_parts_too_well_says_so(wrong: int, why: str) -> None:
    x = np.arange(400.0)
    bad = x >= 300
    bad[:wrong] = True
    values = read_values(pd.DataFrame({"x": x}), "x", "numeric")
    with pytest.raises(NoBins, match=why):
        find_bins(Feature(name="x", kind="numeric", trend="ascending"), values, bad, LIMITS)
