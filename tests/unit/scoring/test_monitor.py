"""What is watched of cards in use, against plain counts."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pytest

from orchestration.credit.measures import auc, ks, psi
from orchestration.credit.score import apply
from orchestration.scoring.monitor import LEVEL, Measure, monitor_window
from orchestration.scoring.step import score_window
from orchestration.state import Window
from tests.support.cards import registry_of, written_card
from tests.unit.scoring.marts import FIRST, MONTHS, features

EVERYTHING = Window(FIRST, date(2024, 7, 1))
CARD = written_card("behavioural", FIRST)
REGISTRY = registry_of((CARD, FIRST))
WAIT = 3


def bank() -> duckdb.DuckDBPyConnection:
    """Scores of six months, and how those of the first three paid three months later."""
    con = features()
    con.execute(
        f"""
        create table marts.credit_outcome_month as
        select customer_key, 'behavioural' as kind, month as observed_month,
            (month + to_months({WAIT}))::date as month,
            ['good', 'good', 'good', 'bad', 'indeterminate']
                [(1 + hash(customer_key, month) % 5)::bigint] as outcome
        from marts.credit_feature_month
        where population = 'behavioural' and month < date '{FIRST}' + to_months({MONTHS - WAIT})
        """
    )
    score_window(con, REGISTRY, EVERYTHING)
    return con


def told(found: list[Measure], measure: str, month: date, feature: str | None = None) -> Measure:
    [one] = [
        one for one in found if (one.measure, one.month, one.feature) == (measure, month, feature)
    ]
    return one


def test_stability_is_that_of_counts() -> None:
    with bank() as con:
        found = monitor_window(con, REGISTRY, EVERYTHING)
        asked = con.execute(
            "select * from marts.credit_feature_month where population = 'behavioural' "
            f"and month = date '{FIRST}'"
        ).df()
    asked["area"] = asked["area"].astype(object).where(asked["area"].notna(), None)
    scored = apply(CARD, asked)
    # By the card's own rows: 560 and 600 with 580 rows, 640 with 420.
    now = [int((scored["grade"] == grade).sum()) for grade in "ABC"]
    expected = psi(np.array([420, 440, 140]), np.array(now))
    assert told(found, "psi", FIRST).value == pytest.approx(expected)
    assert told(found, "psi", FIRST).customers == len(asked)
    unscored = told(found, "unscored_share", FIRST)
    assert unscored.value == pytest.approx(scored["score"].isna().mean())
    urban = [int((asked["area"] == "urban").sum()), int(asked["area"].isna().sum())]
    assert told(found, "csi", FIRST, "area").value == pytest.approx(
        psi(np.array([100, 100]), np.array(urban))
    )
    rural = told(found, "unseen_share", FIRST, "area").value
    assert rural == pytest.approx((asked["area"] == "rural").mean())


def test_the_rate_is_held_against_the_one_promised() -> None:
    closing = date(2024, 4, 1)
    with bank() as con:
        found = monitor_window(con, REGISTRY, EVERYTHING)
    bad, promised, error = (
        told(found, name, closing).value for name in ("bad_rate", "promised_rate", "rate_error")
    )
    assert bad is not None
    assert promised is not None
    assert error == pytest.approx(abs(bad - promised) / promised)


def test_ranking_is_that_of_rows() -> None:
    closing, observed = date(2024, 4, 1), date(2024, 1, 1)
    with bank() as con:
        found = monitor_window(con, REGISTRY, EVERYTHING)
        rows = con.execute(
            "select s.score, s.pd::double as pd, o.outcome = 'bad' as bad "
            "from marts.credit_outcome_month as o inner join fits.credit_score as s "
            "on s.customer_key = o.customer_key and s.month = o.observed_month "
            "where o.month = ? and s.score is not null and o.outcome <> 'indeterminate'",
            [closing],
        ).df()
        grades = con.execute(
            "select sum(goods), sum(bads), sum(customers) from fits.scorecard_grade "
            "where month = ?",
            [closing],
        ).fetchone()
        scored = con.execute(
            "select count(score) from fits.credit_score where month = ?", [closing]
        ).fetchone()
    bad = rows["bad"].to_numpy(bool)
    risk = -rows["score"].to_numpy(np.float64)
    ranking = auc(risk, bad)
    one = told(found, "auc", closing)
    assert (one.value, one.low, one.high) == pytest.approx(
        (ranking.value, *ranking.interval(LEVEL))
    )
    assert (one.observed_month, one.customers) == (observed, len(rows))
    assert told(found, "ks", closing).value == pytest.approx(ks(risk, bad))
    assert told(found, "bad_rate", closing).value == pytest.approx(bad.mean())
    assert told(found, "promised_rate", closing).value == pytest.approx(rows["pd"].mean())
    assert grades is not None
    assert scored is not None
    assert grades == ((~bad).sum(), bad.sum(), scored[0])


def test_outcomes_are_told_of_when_they_are_known() -> None:
    with bank() as con:
        found = monitor_window(con, REGISTRY, EVERYTHING)
    months = sorted(one.month for one in found if one.measure == "auc")
    assert months == [date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)]


def test_months_one_by_one_say_the_same() -> None:
    with bank() as con:
        monitor_window(con, REGISTRY, EVERYTHING)
        query = "select * from fits.{} order by all"
        tables = ("scorecard_monitor", "scorecard_grade")
        whole = [con.execute(query.format(name)).fetchall() for name in tables]
        for start, end in (("2024-01-01", "2024-03-01"), ("2024-03-01", "2024-07-01")):
            monitor_window(
                con, REGISTRY, Window(date.fromisoformat(start), date.fromisoformat(end))
            )
        assert [con.execute(query.format(name)).fetchall() for name in tables] == whole
