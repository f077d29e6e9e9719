"""What people are shown of scores, of the risk gate, and of cards in use."""

from __future__ import annotations

from datetime import date
from io import StringIO

import duckdb
import pytest
from rich.console import Console

from orchestration.reports.credit import print_credit
from orchestration.reports.scorecard_watch import (
    print_watched,
    watched_cards,
    watched_chart,
    watched_in_markdown,
)
from orchestration.scoring.monitor import monitor_window
from tests.unit.scoring.test_monitor import CARD, EVERYTHING, REGISTRY, bank

DAY = date(2024, 3, 31)


def printed(show: object) -> str:
    text = StringIO()
    show(Console(file=text, width=160))  # type: ignore[operator]
    return text.getvalue()


def test_a_card_in_use_is_shown_by_month_and_class() -> None:
    with bank() as con:
        monitor_window(con, REGISTRY, EVERYTHING)
        con.execute("create view scorecard_monitor as from fits.scorecard_monitor")
        con.execute("create view scorecard_grade_month as from fits.scorecard_grade")
        assert watched_cards(con) == [CARD.version]
        text = printed(lambda console: print_watched(con, CARD.version, console))
        picture = watched_chart(con, CARD.version)
        assert picture == watched_chart(con, CARD.version, fits=True)
        [markdown] = watched_in_markdown(con).values()
    for expected in ("2024-01", "2024-06", "How classes paid", "Cut after a class"):
        assert expected in text
    assert "Ranking" in picture
    assert "ROC by class" in picture
    assert markdown.startswith("![")


def test_before_outcomes_are_known_their_pictures_are_left_out() -> None:
    with bank() as con:
        con.execute("delete from marts.credit_outcome_month")
        monitor_window(con, REGISTRY, EVERYTHING)
        picture = watched_chart(con, CARD.version, fits=True)
    assert "Stability index" in picture
    assert "Ranking" not in picture
    assert "ROC" not in picture


@pytest.mark.parametrize(
    ("reason", "may_lend", "expected"),
    [
        ("passed", True, "A loan may be offered: nothing stands against it (lending@1990-01-01)."),
        ("beyond_cut_off", False, "default 12.00% is above the 10.00% of policy"),
        ("past_due", False, "No loan may be offered: 31 days past due, of 30 at which"),
        ("no_card", False, "no behavioural scorecard was in force"),
        ("below_grade", False, "the rating BB is below the grade of policy"),
        ("in_default", False, "a loan is in default"),
    ],
)
def test_the_gate_says_why(reason: str, may_lend: bool, expected: str) -> None:
    with duckdb.connect() as con:
        con.execute(
            "create table credit_gate_month as select 7::bigint as customer_key, "
            f"date '2024-03-01' as month, date '{DAY}' as judged_on, {may_lend} as may_lend, "
            f"'{reason}' as gate_reason, 'retail' as customer_type, 31 as days_past_due, "
            "30 as past_due_days, 'behavioural' as kind, 'b-1' as card, 532 as score, "
            "0.12::decimal(9, 6) as pd, 0.1::decimal(9, 6) as most_pd, 'BB' as rating, "
            "'lending@1990-01-01' as policy_version"
        )
        con.execute(
            "create table scorecard_points as select 7::bigint as customer_key, "
            "date '2024-03-01' as month, 'tenure_months' as feature, 3.0::double as number, "
            "null::varchar as code, 'below 12' as label, 532 as points, 40 as points_lost"
        )
        text = printed(lambda console: print_credit(con, 7, DAY, console))
        assert printed(lambda console: print_credit(con, 8, DAY, console)) == ""
    assert expected in text
    assert "Score 532 by b-1: probability of default 12.00%." in text
    assert "below 12" in text
