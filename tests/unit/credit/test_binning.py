"""Bins: monotone, large enough, few enough; missing and special values apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orchestration.credit.binning import fit_bins
from orchestration.credit.bins import UNSEEN, Binned
from orchestration.credit.characteristics import Characteristic, Coded, Numeric, Trend
from orchestration.credit.evidence import Evidence
from orchestration.credit.merging import Merging
from tests.unit.credit.samples import CHARACTERISTICS, NO_FILE, POLICY, borrowers


def binned(values: object, bad: object, one: Characteristic, **policy: object) -> Binned:
    frame = pd.DataFrame({one.name: values})
    return fit_bins(frame, np.asarray(bad, bool), one, POLICY.model_copy(update=policy))


def of_ranges(one: Binned) -> list[float]:
    return [one.bins[at].weight for at in one.ranges]


def test_weights_and_information_by_hand() -> None:
    # 90 good, 10 bad in all; a bin of 8 good and 2 bad, and 10 rows of average odds beside them.
    evidence = Evidence(90, 10, 10)
    weight = np.log((8 + 9) / (2 + 1)) - np.log(9)
    assert evidence.weight(8, 2) == pytest.approx(weight)
    of_bin = evidence.information(np.array([8.0]), np.array([2.0]))
    assert of_bin == pytest.approx((8 / 90 - 2 / 10) * weight)


def test_a_small_bin_says_little_and_one_without_bads_is_finite() -> None:
    evidence = Evidence(900, 100, 10)
    assert 0 < evidence.weight(3, 0) < 0.4 < evidence.weight(300, 0)


@pytest.mark.parametrize("seed", range(20))
def test_ranges_are_monotone_and_keep_the_policy(seed: int) -> None:
    frame = borrowers(600, seed)
    bad = frame["bad"].to_numpy() == 1
    for one in CHARACTERISTICS[:2]:
        found = fit_bins(frame, bad, one, POLICY)
        steps = np.diff(of_ranges(found))
        assert (steps > 0).all() or (steps < 0).all()
        assert len(found.ranges) <= POLICY.most_bins
        for at in found.ranges:
            assert found.bins[at].goods + found.bins[at].bads >= POLICY.least_share * len(frame)


@pytest.mark.parametrize(("trend", "sign"), [("rising", 1), ("falling", -1)])
def test_a_declared_trend_holds_against_the_data(trend: Trend, sign: int) -> None:
    random = np.random.default_rng(3)
    values = random.normal(size=2_000)
    bad = random.random(2_000) < 1 / (1 + np.exp(1 - sign * 0.5 * np.sin(3 * values)))
    found = binned(values, bad, Numeric(name="x", trend=trend))
    assert (np.diff(of_ranges(found)) * sign > 0).all()


def test_either_takes_the_way_that_tells_more() -> None:
    values = np.arange(1_000.0)
    bad = (values + 500 * np.sin(values)) > 700
    assert (np.diff(of_ranges(binned(values, bad, Numeric(name="x")))) < 0).all()


def test_neighbours_of_the_same_odds_are_one_bin() -> None:
    found = Merging(Evidence(90, 60, 5), 0, 99).rising([20, 20, 50], [20, 20, 20])
    assert [(one.start, one.end) for one in found] == [(0, 2), (2, 3)]


def test_merging_equals_isotonic_regression_where_nothing_else_is_asked() -> None:
    """Against the definition: the last pooled average is the minimum of maxima of averages."""
    random = np.random.default_rng(5)
    for _ in range(50):
        goods = random.integers(1, 50, 8).tolist()
        bads = random.integers(1, 50, 8).tolist()
        found = Merging(Evidence(sum(goods), sum(bads), 1e-12), 0, 99).rising(goods, bads)
        rate = np.concatenate(
            [np.full(s.end - s.start, s.goods / (s.goods + s.bads)) for s in found]
        )
        for at in range(8):
            by_definition = max(
                min(
                    sum(goods[i : j + 1]) / (sum(goods[i : j + 1]) + sum(bads[i : j + 1]))
                    for j in range(at, 8)
                )
                for i in range(at + 1)
            )
            assert rate[at] == pytest.approx(by_definition)


def test_bounds_are_values_and_half_open() -> None:
    values = np.repeat([1.0, 2.0, 3.0], 100)
    bad = np.concatenate([np.arange(100) < share for share in (50, 30, 10)])
    found = binned(values, bad, Numeric(name="x"))
    assert [one.label for one in found.bins] == ["below 2", "2 to below 3", "3 and more"]
    asked = pd.DataFrame({"x": [np.nextafter(2, 0), 2, np.nextafter(3, 0), 3, -np.inf, np.inf]})
    assert found.place(asked).tolist() == [0, 1, 1, 2, 0, 2]


def test_special_and_missing_values_are_bins_of_their_own_or_unseen() -> None:
    frame = borrowers()
    bad = frame["bad"].to_numpy() == 1
    found = fit_bins(frame, bad, Numeric(name="income", specials=(NO_FILE, -1)), POLICY)
    assert [one.label for one in found.bins[len(found.ranges) :]] == ["special -999", "missing"]
    placed = found.place(pd.DataFrame({"income": [NO_FILE, None, -1, -2]}))
    assert placed.tolist() == [len(found.bins) - 2, len(found.bins) - 1, UNSEEN, 0]
    whole = frame.assign(income=frame["income"].fillna(1))
    without = fit_bins(whole, bad, Numeric(name="income"), POLICY)
    assert without.place(pd.DataFrame({"income": [None]}, dtype=float)).tolist() == [UNSEEN]


def test_rare_codes_join_the_most_alike_and_new_ones_are_unseen() -> None:
    code = ["a"] * 400 + ["b"] * 400 + ["rare"] * 5
    bad = [i < 40 for i in range(400)] + [i < 200 for i in range(400)] + [True] * 5
    found = binned(code, bad, Coded(name="x"))
    assert [one.codes for one in found.bins] == [("b", "rare"), ("a",)]
    assert found.place(pd.DataFrame({"x": ["rare", "a", "new", None]})).tolist() == [0, 1, -1, -1]


def test_the_order_of_rows_does_not_matter() -> None:
    frame = borrowers()
    turned = frame.sample(frac=1, random_state=1)
    for one in CHARACTERISTICS:
        bad, its = frame["bad"].to_numpy() == 1, turned["bad"].to_numpy() == 1
        assert fit_bins(frame, bad, one, POLICY) == fit_bins(turned, its, one, POLICY)


def test_outliers_do_not_move_bounds() -> None:
    values = np.append(np.arange(1_000.0), [1e300, -1e300])
    bad = np.append(np.arange(1_000) % 1_000 < 300, [False, True])
    found = binned(values, bad, Numeric(name="x"))
    assert all(0 <= (found.bins[at].low or 0) <= 1_000 for at in found.ranges)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, 2, None] * 100, dtype="Int64"),
        pd.Series([1.0, 2.0, None] * 100, dtype="float64[pyarrow]"),
        pd.Series([1, 2, None] * 100, dtype=object),
        pd.Series([1, 2, pd.NA] * 100, dtype=object),
    ],
    ids=["Int64", "arrow", "objects", "NA"],
)
def test_any_kind_of_number_column(column: pd.Series[float]) -> None:
    found = binned(column, np.arange(300) % 4 == 0, Numeric(name="x"))
    assert found.bins[found.missing].goods + found.bins[found.missing].bads == 100
