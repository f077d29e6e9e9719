"""Forecasts: what an origin knows, that it knows no more, and how they fare on CDNOW."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from benchmarks.cdnow import (
    SIX,
    Window,
    absolute,
    average,
    before,
    everybody,
    past_errors,
    six,
    worth,
)
from orchestration.value.beta_geometric import BetaGeometric
from orchestration.value.forecast import Purchases, forecast
from orchestration.value.histories import BadHistories
from orchestration.value.returning import NOBODY_RETURNS
from orchestration.value.waning import Waning, WaningBetaGeometric
from tests.unit.value import calendar_story, cdnow

HALF = pd.Timestamp("1997-10-01")


def test_what_is_known_by_hand() -> None:
    """Two purchases of one day are one; the origin itself is known, what is ahead comes after."""
    bought = Purchases.of(np.array([7, 3, 3, 7, 7, 3, 9]), np.array([2.0, 5, 1, 2, 4, 9, 6]))
    known = bought.until(5.0)
    assert known.customers.tolist() == [3, 7]
    assert [column.tolist() for column in known.history] == [[1, 1], [4, 2], [4, 3]]
    assert bought.within(known.customers, 5.0, 4.0).tolist() == [1, 0]
    assert bought.within(known.customers, 4.0, 1.0).tolist() == [1, 0]
    assert bought.within(known.customers, 3.9, 1.1).tolist() == [1, 1]


def test_nobody_has_bought() -> None:
    with pytest.raises(BadHistories, match="nobody has bought"):
        forecast(Purchases.of(np.array([1]), np.array([9.0])), 5.0, 1.0, 1.0, 1.0)


def test_cdnow_s_histories_are_the_published_ones() -> None:
    known = cdnow.purchases().until(before(HALF))
    for column, name, unit in zip(known.history, ("x", "t_x", "T"), (1, 7, 7), strict=True):
        published = cdnow.customers()[name].to_numpy(float)
        np.testing.assert_allclose(np.round(column / unit, 2), published, atol=0.0101)


@pytest.mark.slow
@pytest.mark.parametrize("start", [SIX[0], SIX[4]])
def test_nothing_ahead_is_looked_at(start: pd.Timestamp) -> None:
    """The same, to the bit, where nothing that comes later is there, or something else is."""
    bought, origin = cdnow.purchases(), before(start)
    known = bought.at <= origin
    cut = Purchases(bought.customer[known], bought.at[known])
    later = np.arange(50_000)
    other = Purchases.of(
        np.append(cut.customer, later % 3_000), np.append(cut.at, origin + 0.001 + later / 1e3)
    )
    first, *rest = (forecast(rows, origin, 91.0, 91.0, 7.0) for rows in (bought, cut, other))
    for again in rest:
        assert (again.expected == first.expected).all()
        assert again.total == first.total
        assert (again.chances(20) == first.chances(20)).all()


def test_who_came_in_an_instant_or_just_now() -> None:
    """Customers without a past are expected to buy as everybody, and no earlier origin is asked."""
    chance = np.random.default_rng(1)
    model = WaningBetaGeometric(BetaGeometric(0.5, 6.0, 0.8, 3.0), Waning(0.8, 5.0))
    bought = calendar_story.purchases(chance, 2_000, model, np.ones(14))
    newest = Purchases.of(np.append(bought.customer, 9_999), np.append(bought.at, 13.5))
    made = forecast(newest, 13.5, 4.0, 30.0, 1.0)
    assert made.returns == NOBODY_RETURNS
    assert made.customers[-1] == 9_999
    assert 0 < made.expected[-1] < 4
    assert np.isfinite([made.total.expected, made.total.variance]).all()


@cache
def at_six() -> list[Window]:
    return six(cdnow.purchases())


@pytest.mark.slow
def test_plain_models_are_always_under() -> None:
    rows = at_six()
    assert len(rows) == 6
    assert absolute(rows, "plain") == pytest.approx(0.078, abs=0.0005)
    assert max(row.plain for row in rows) < 0
    assert absolute(rows, "pareto") == pytest.approx(0.074, abs=0.001)


@pytest.mark.slow
def test_those_who_return_explain_most_of_it() -> None:
    rows = at_six()
    assert absolute(rows, "slowing") < absolute(rows, "plain")
    assert absolute(rows, "full") < 0.04
    assert abs(average(rows, "full")) < 0.01


@pytest.mark.slow
def test_intervals_hold_at_six_origins() -> None:
    for row in at_six():
        assert 0.87 <= row.covered <= 0.93
        assert 0.87 <= row.shared <= 0.93
        assert row.central > 0.95
        assert row.holds


def window(month: int, happened: float = 100.0, off: float = 1.0) -> Window:
    """Of four weeks, of which 100 purchases were expected."""
    start = pd.Timestamp(1998, month, 1)
    full, rest = 100 / happened - 1, (0.0,) * 5
    return Window(start, 28.0, happened, off, 0.0, 0.0, 0.0, full, *rest)


def test_tests_have_ended() -> None:
    """January's four weeks are over by the end of the 28th, and are known with that day."""
    first, second = window(1, off=-2.0), window(2)
    ends = before(first.start) + 28
    assert past_errors([first, second], ends - 1, 28.0).off.tolist() == []
    assert past_errors([first, second], ends, 28.0).off.tolist() == [-2]
    assert past_errors([first, second], ends, 91.0).off.tolist() == []


def test_what_windows_of_one_calendar_are_worth() -> None:
    """As much as one of each time where all have its error; all of them where none has."""
    shared = [window(month, 100 + 10 * month) for month in (1, 2, 3) for _ in range(4)]
    assert worth(shared) == pytest.approx(3)
    own = [window(month, 100 + 10 * error) for month in (1, 2, 3) for error in (-2, -1, 1, 2)]
    assert worth(own) == pytest.approx(12)


@pytest.mark.slow
def test_all_customers_at_six_origins() -> None:
    """The other nine tenths, too: less is gained, and intervals hold."""
    rows = six(everybody())
    assert absolute(rows, "plain") == pytest.approx(0.075, abs=0.0005)
    assert absolute(rows, "full") < 0.06 < absolute(rows, "slowing") < absolute(rows, "plain")
    assert abs(average(rows, "full")) < abs(average(rows, "plain"))
    for row in rows:
        assert 0.87 <= row.covered <= 0.93
        assert 0.87 <= row.shared <= 0.93
        assert row.holds
