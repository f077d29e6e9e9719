"""Promises 1 and 2: what is said as of a day depends on what was delivered by then, and nothing
else: not on the order, number or extent of the runs that brought it there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.cards import both_kinds, crown
from tests.support.compare import differences, histories, published_differences
from tests.support.home import Home, ModelsAlone
from tests.support.life import Life
from tests.support.tiny_bank import DAYS, FIRST_DAY, LAST_DAY, TinyBank, day

pytestmark = pytest.mark.slow

# Facts and marts that are kept by month, and how a row says that its month has ended.
MONTHLY = (
    "facts.fct_customer_month",
    "facts.fct_customer_trail",
    "facts.int_account_balance_month",
    "facts.int_loan_month",
    "facts.int_company_ratio_month",
    "facts.int_company_sheet_month",
    "facts.int_company_decision_month",
    "marts.tier_month",
    "marts.tier_distribution",
    "marts.lifecycle_month",
    "marts.star_month",
    "marts.value_matrix_month",
    "marts.rating_points",
    "marts.rating_month",
    "marts.rating_distribution",
    "marts.segment_month",
    "marts.segment_distribution",
    "marts.segment_penetration",
    "marts.customer_month",
    "marts.credit_feature_month",
    "marts.int_credit_standing",
    "forward.credit_score_month",
    "forward.credit_gate_month",
)
# Marts whose rows do not say whether their month has ended: told by its first day.
MOVED = ("marts.verdict_movement", "marts.verdict_change", "marts.int_value_so_far")


# From the end of February on, so that some months have scores and some have none.
CROWNED = day(58)


def with_cards(path: Path, **settings: Any) -> Home:
    """A home whose retail customers are scored from a day in the middle on."""
    home = Home(path, dbt=ModelsAlone, **settings)
    for card in both_kinds(CROWNED):
        crown(home.settings.cards_dir, card, CROWNED)
    return home


def rebuilt(path: Path, like: Home, through: date = LAST_DAY, threads: int = 2) -> Home:
    """A fresh home that gets the other's deliveries up to a day, in one run."""
    fresh = with_cards(path, threads=threads)
    fresh.land_like(like, through)
    fresh.run(FIRST_DAY, through)
    return fresh


@pytest.mark.parametrize("seed", range(2))
def test_any_history_ends_like_one_rebuild(seed: int, tmp_path: Path) -> None:
    life = Life(seed)
    lived = with_cards(tmp_path / "lived")
    life.live(lived)
    fresh = rebuilt(tmp_path / "fresh", lived)
    assert differences(lived, fresh) == {}, life.log
    assert published_differences(lived, fresh) == {}, life.log


def test_a_range_in_portions_ends_like_one_in_one_go(tmp_path: Path) -> None:
    lived = with_cards(tmp_path / "lived")
    portioned = with_cards(tmp_path / "p", customer_months_at_once=1)
    Life(7).live(lived)
    portioned.land_like(lived)
    portioned.run(FIRST_DAY, LAST_DAY)
    fresh = rebuilt(tmp_path / "fresh", lived)
    assert differences(portioned, fresh) == {}
    assert published_differences(portioned, fresh) == {}


def test_what_comes_late_once_in_a_long_range_ends_like_month_by_month(tmp_path: Path) -> None:
    """The one late balance is of March, and the row before it came in January."""
    by_month, at_once = with_cards(tmp_path / "by_month"), with_cards(tmp_path / "at_once")
    for home in (by_month, at_once):
        home.land(TinyBank(47, late_share=0.02).landing())
    for halt in (13, 42, 73, DAYS - 1):  # The last days of months, and the bank's last day.
        by_month.run(day(halt), day(halt))
    at_once.run(FIRST_DAY, LAST_DAY)
    assert differences(by_month, at_once) == {}


@pytest.mark.parametrize("seed", [101])
def test_a_run_for_a_day_knows_nothing_of_later_days(seed: int, tmp_path: Path) -> None:
    home = with_cards(tmp_path / "home")
    home.land(TinyBank(seed).landing())
    halts = [day(index) for index in (41, 42, 73)]  # the last day of February, the day after
    for halt in halts:
        home.run(halt, halt)
        fresh = rebuilt(tmp_path / str(halt), home, halt)
        assert differences(home, fresh) == {}, halt
        assert published_differences(home, fresh) == {}, halt
    home.run(LAST_DAY, LAST_DAY)
    for halt in halts:
        judged = {table: f"is_closed and judged_on <= date '{halt}'" for table in MONTHLY}
        judged["marts.credit_outcome_month"] = f"judged_on <= date '{halt}'"
        judged |= dict.fromkeys(MOVED, f"last_day(month) <= date '{halt}'")
        known = {"facts.int_balance_changes": f"known_on <= date '{halt}'"}
        fresh = Home(tmp_path / str(halt))
        assert differences(home, fresh, judged | known) == {}, halt


def test_a_rebuild_may_end_on_an_earlier_day(tmp_path: Path) -> None:
    """What was loaded of later days stays in raw, and says nothing until its day is run."""
    home = with_cards(tmp_path / "home")
    home.land(TinyBank(seed=9).landing())
    home.run(FIRST_DAY, LAST_DAY)
    home.bank.forget()
    home.run(FIRST_DAY, day(58))
    fresh = rebuilt(tmp_path / "fresh", home, day(58))
    built = [name for name in histories(home) if not name.startswith(("raw.", "control."))]
    assert differences(home, fresh, dict.fromkeys(built, "true")) == {}
    assert published_differences(home, fresh) == {}
    home.run(LAST_DAY, LAST_DAY)
    assert differences(home, rebuilt(tmp_path / "whole", home)) == {}
