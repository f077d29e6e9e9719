"""What people are shown of scores, of the risk gate, and of cards in use."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from orchestration.publish.versions import DATABASE
from orchestration.reports.credit import print_credit
from orchestration.reports.scorecard_watch import (
    _cuts,
    print_watched,
    published_alarms,
    shown_in_markdown,
    watched_cards,
    watched_chart,
)
from orchestration.scoring.monitor import monitor_window
from orchestration.settings import load_settings
from tests.unit.scoring.test_monitor import CARD, EVERYTHING, REGISTRY, bank

DAY = date(2024, 3, 31)


def printed(show: object) -> str:
    text = StringIO()
    show(Console(file=text, width=160))  # type: ignore[operator]
    return text.getvalue()


def watched() -> duckdb.DuckDBPyConnection:
    """What is kept of a card, with bounds that its classes hold and its answers do not."""
    con = bank()
    monitor_window(con, REGISTRY, EVERYTHING)
    con.execute("create schema forward")
    for schema in ("main", "forward"):
        con.execute(
            f"create table {schema}.scorecard_monitor as select *, "
            "case measure when 'psi' then 9.0 when 'csi' then 0.0 end as bound, "
            "measure = 'csi' and value > 0 as is_beyond from fits.scorecard_monitor"
        )
        con.execute(f"create view {schema}.scorecard_grade_month as from fits.scorecard_grade")
    return con


def test_a_card_in_use_is_shown_by_month_and_class() -> None:
    with watched() as con:
        assert watched_cards(con) == [CARD.version]
        text = printed(lambda console: print_watched(con, CARD.version, console))
        picture = watched_chart(con, CARD.version)
        assert picture == watched_chart(con, CARD.version, "forward")
        [markdown] = shown_in_markdown(con, "scorecard_monitor", "forward").values()
    for expected in ("2024-01", "2024-06", "How classes paid", "Cut after a class", "CSI of area"):
        assert expected in text
    assert "PSI, " not in text
    assert "Ranking" in picture
    assert "ROC by class" in picture
    assert markdown.startswith("![")


def test_a_cut_tells_what_it_keeps_out_and_what_it_costs() -> None:
    accepted = [
        {"grade": grade, "customers": 10, "refused": refused}
        for grade, refused in (("A", 0.8), ("B", 0.3), ("C", 0.0))
    ]
    paid = [{"grade": "B", "goods": 30, "bads": 10}, {"grade": "C", "goods": 10, "bads": 30}]
    assert _cuts(accepted, paid) == [
        ["A", 10, "80.0%", "", "100.0%"],
        ["B", 10, "30.0%", "25.0%", "25.0%"],
        ["C", 10, "0.0%", "50.0%", "0.0%"],
    ]


def test_the_newest_month_tells_what_is_beyond_its_bound(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    assert published_alarms(settings) == {}
    version = settings.published_dir / "versions" / "2024-06-30T0001"
    version.mkdir(parents=True)
    (settings.published_dir / "current").symlink_to(version)
    with watched() as con:
        con.execute(f"attach '{version / DATABASE}' as published")
        con.execute("create table published.scorecard_monitor as from scorecard_monitor")
        con.execute(
            "update published.scorecard_monitor set is_beyond = is_beyond and feature = 'area' "
            "or measure = 'psi'"
        )
        con.execute(
            "update published.scorecard_monitor set is_beyond = true where month < '2024-06-01'"
        )
        con.execute("detach published")
    assert published_alarms(settings) == {CARD.version: "CSI of area, PSI"}
    with duckdb.connect(version / DATABASE) as con:
        con.execute("alter table scorecard_monitor drop is_beyond")
    assert published_alarms(settings) == {}


def test_before_outcomes_are_known_their_pictures_are_left_out() -> None:
    with watched() as con:
        con.execute("delete from main.scorecard_monitor where observed_month < month")
        con.execute("create or replace view scorecard_grade_month as from fits.scorecard_grade "
                    "where goods + bads = 0")  # fmt: skip
        picture = watched_chart(con, CARD.version)
    assert "Stability index" in picture
    assert "Ranking" not in picture
    assert "ROC" not in picture


@pytest.mark.parametrize(
    ("reason", "may_lend", "expected"),
    [
        ("passed", True, "A loan may be offered: nothing stands against it (lending@1990-01-01)."),
        ("beyond_cut_off", False, "default 12.00% is above the 10.00% of policy"),
        ("past_due", False, "No loan may be offered: 31 days past due, of 30 at which"),
        ("no_card", False, "no behavioural scorecard was in force, which is that of those who owe"),
        ("public_body", False, "a public body, of which there is no rating"),
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
            "4 as least_rank, 'lending@1990-01-01' as policy_version"
        )
        con.execute(
            "create table credit_score_month as select 7::bigint as customer_key, "
            "date '2024-03-01' as month, 'F' as grade"
        )
        con.execute(
            "create table rating_month as select 7::bigint as customer_key, "
            "date '2024-03-01' as month, 'BB' as model_grade, 2 as model_rank"
        )
        con.execute(
            "create table scorecard_points as select 7::bigint as customer_key, "
            "date '2024-03-01' as month, 'tenure_months' as feature, 3.0::double as number, "
            "null::varchar as code, 'below 12' as label, 532 as points, 40 as points_lost"
        )
        text = printed(lambda console: print_credit(con, 7, DAY, console))
        assert printed(lambda console: print_credit(con, 8, DAY, console)) == ""
    assert expected in text
    assert "Score 532 by b-1: class F, probability of default 12.00%." in text
    lifted = "An override opens it: BB, the model's grade, is below the grade of policy."
    assert (lifted in text) == (reason == "passed")
    assert re.search(r"tenure_months\W+3\W+below 12\W+532\W+40", text)
    assert re.search(r"score\W+532\W+40", text)
