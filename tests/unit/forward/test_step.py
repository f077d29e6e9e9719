"""Fits month by month: what was planted is found, refused ones leave the last good one in force."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import numpy as np
import pytest

from orchestration.forward.step import closed_months, fit_window
from orchestration.forward.store import TABLES, last_good
from orchestration.policy.forward_rows import MODELS
from orchestration.state import Window
from tests.unit.forward.bank import MARGIN, ODDS, empty_bank, month, simulated


def window(first: int, last: int) -> Window:
    """Whole months of the bank."""
    return Window(month(first), month(last + 1))


def content(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: con.execute(f"select * from fits.{name} order by all").fetchall() for name in TABLES
    }


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2024, 1, 18), date(2024, 1, 31), []),
        (date(2024, 1, 18), date(2024, 2, 1), [1]),
        (date(2024, 1, 31), date(2024, 3, 2), [1, 2]),
        (date(2023, 12, 31), date(2024, 1, 1), [12]),
        (date(2024, 3, 5), date(2024, 3, 6), []),
    ],
)
def test_months_that_have_ended(start: date, end: date, expected: list[int]) -> None:
    assert [found.month for found in closed_months(Window(start, end))] == expected


def test_planted_odds_are_found() -> None:
    con = simulated(13, 20_000)
    fit_window(con, window(12, 12))
    value = {
        point: (expected, error)
        for point, expected, error in con.execute(
            "select point, expected, error from fits.model_point where model = 'chain'"
        ).fetchall()
    }
    discount = 1.08 ** (-1 / 12)
    moves = np.array([[ODDS[one][other] for other in MARGIN] for one in MARGIN])
    margin, planted, reached = np.array(list(MARGIN.values())), np.zeros(2), np.eye(2)
    for ahead in range(1, 37):
        reached = reached @ moves
        planted += discount**ahead * reached @ margin
    for state, truth in zip(MARGIN, planted, strict=True):
        expected, error = value[state]
        assert abs(expected - truth) < 3 * error
        assert error < 0.1 * abs(truth)


@pytest.mark.slow
def test_a_rebuild_fits_what_single_months_did() -> None:
    one, other = simulated(16, 500), simulated(16, 500)
    fit_window(one, window(0, 15))
    for number in range(16):
        fit_window(other, window(number, number))
    assert content(one) == content(other)
    assert len(content(one)["model_fit"]) == 16 * len(MODELS)
    fit_window(one, window(7, 15))
    assert content(one) == content(other)


def test_a_fit_knows_nothing_of_later_months() -> None:
    con = simulated(16, 500)
    fit_window(con, window(0, 8))
    before = content(con)
    con.execute("delete from marts.int_state_moves where month > ?", [month(8)])
    con.execute("delete from marts.int_tenure_moves where month > ?", [month(8)])
    fit_window(con, window(0, 8))
    assert content(con) == before


def test_a_level_that_jumps_is_refused_and_the_last_good_fit_stays() -> None:
    con = simulated(16, 3_000, margins={12: 400.0})
    fit_window(con, window(0, 13))
    refused = con.execute(
        "select month, status, reason from fits.model_fit where model = 'chain' and month >= ?",
        [month(12)],
    ).fetchall()
    assert [(at, status) for at, status, _ in refused] == [
        (month(12), "drifted"), (month(13), "drifted"),
    ]  # fmt: skip
    assert "the last good fit stays" in refused[0][2]
    points = con.execute("select max(month) from fits.model_point where model = 'chain'").fetchone()
    assert points == (month(11),)
    good = last_good(con, "chain", month(14))
    assert good is not None
    assert "gold" in good.names
    # Who has looked and finds it real lets it be larger from that month's end on.
    con.execute(
        "update policy.policy_parameter set valid_to = ? where parameter = 'forward_drift_share'",
        [month(14) - timedelta(days=1)],
    )
    con.execute(
        "insert into policy.policy_parameter values ('forward_drift_share', 2, ?, null)",
        [month(14) - timedelta(days=1)],
    )
    fit_window(con, window(13, 13))
    accepted = con.execute(
        "select is_good, policy_version from fits.model_fit where model = 'chain' and month = ?",
        [month(13)],
    ).fetchone()
    assert accepted == (True, f"forward@{month(14) - timedelta(days=1)}")


def test_a_bank_of_nothing_has_fits_that_say_so() -> None:
    con = empty_bank()
    fit_window(con, window(0, 2))
    found = con.execute("select distinct status, is_good from fits.model_fit").fetchall()
    assert found == [("too_few", False)]
    assert not content(con)["model_point"]


def test_another_horizon_is_no_drift() -> None:
    """Values of other months ahead are others, and nothing to hold a fit against."""
    con = simulated(16, 2_000)
    fit_window(con, window(0, 13))
    con.execute("update policy.policy_parameter set value = 3 where parameter like '%horizon%'")
    fit_window(con, window(14, 15))
    found = con.execute(
        "select distinct status, horizon_months from fits.model_fit "
        "where model = 'naive' and month >= ?",
        [month(14)],
    ).fetchall()
    assert found == [("fitted", 3)]
