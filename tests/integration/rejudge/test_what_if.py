"""Judging again says what a bank under the other policy would say, and touches nothing."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.rejudge.challenge import CannotAsk, challenge
from orchestration.rejudge.compare import compare, judged_alike, write_moves
from orchestration.rejudge.scratch import AS_JUDGED
from orchestration.sample_bank.generate import generate
from tests.integration.warehouse.policied import SEEDS, judge_under
from tests.support.home import Home

pytestmark = pytest.mark.slow

START, LAST = date(2024, 1, 1), date(2024, 5, 20)
GOLD = "gold,Gold (黄金客户),50000,watch_3_3,"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A bank run into its fifth month."""
    folder = tmp_path_factory.mktemp("bank")
    generate(folder / "made", 150, START, 5, 3, late_share=0.05, defect_share=0.0)
    home = Home(folder / "home", first_day=START)
    home.settings.landing_dir.symlink_to(folder / "made" / "landing")
    home.run(START, LAST)
    return home


@pytest.fixture
def lower_gold(tmp_path: Path) -> Path:
    """A challenger: gold of the deposit tiers begins at 20,000."""
    path = tmp_path / "policy_tier_bound.csv"
    text = (SEEDS / path.name).read_text("utf-8")
    assert GOLD in text
    path.write_text(text.replace(GOLD, GOLD.replace("50000", "20000")), "utf-8")
    return path


def verdicts(home: Home) -> dict[tuple[str, date, int], tuple[str, int]]:
    """What the home's own marts say."""
    with duckdb.connect(str(home.settings.warehouse_path), read_only=True) as con:
        rows = con.execute(
            "select scheme_code, month, customer_key, tier, tier_rank from marts.tier_month"
        ).fetchall()
    return {(scheme, month, key): (tier, rank) for scheme, month, key, tier, rank in rows}


def digest(home: Home) -> dict[str, str]:
    """Every file that a question must leave alone."""
    paths = [home.settings.warehouse_path, *home.settings.published_dir.rglob("*")]
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()
    }


def test_the_policy_in_force_moves_nobody(bank: Home) -> None:
    with challenge(bank.settings, SEEDS, START, LAST) as (con, judged):
        assert compare(con, judged) == []
        compared = judged_alike(con)
    judged_by = {(scheme, month) for scheme, month, _ in verdicts(bank)}
    assert judged_by <= set(compared)


def test_moves_are_those_of_a_bank_under_the_challenger(
    bank: Home, lower_gold: Path, tmp_path: Path
) -> None:
    before, untouched = verdicts(bank), digest(bank)
    with challenge(bank.settings, lower_gold, START, LAST) as (con, judged):
        moves = compare(con, judged)
        written = write_moves(con, tmp_path / "moves.csv")
    assert digest(bank) == untouched
    assert not list(bank.settings.home.glob("rejudge-*"))

    # The same bank, built from its first day under the other files.
    other = tmp_path / "other"
    shutil.copytree(bank.settings.home, other, symlinks=True)
    again, policies = Home(other, first_day=START), tmp_path / "policies"
    shutil.copytree(SEEDS, policies)
    shutil.copy(lower_gold, policies)
    judge_under(again, policies, START, LAST)
    after = verdicts(again)
    moved = {place for place in before.keys() | after.keys() if before[place] != after[place]}
    assert {scheme for scheme, *_ in moved} == {"deposit_tiers"}
    assert written == len(moved) == sum(move.customers for move in moves)
    for move in moves:
        same = [
            place
            for place in moved
            if place[:2] == (move.family, move.month)
            and (before[place][0], after[place][0]) == (move.before, move.after)
        ]
        assert len(same) == move.customers
        assert move.direction == "up", "a lower bound takes nobody down"


def test_every_family_moves_as_in_a_bank_under_the_challenger(bank: Home, tmp_path: Path) -> None:
    """A challenger of several files: other counts and bounds of stages, stars, cells, segments."""
    given, policies = tmp_path / "challenger", tmp_path / "policies"
    challenger_of_all_families(given)
    with challenge(bank.settings, given, START, LAST) as (con, judged):
        compare(con, judged)
        moves = set(
            con.execute(
                "select family, month, customer_key, verdict_before, verdict_after from moves"
            ).fetchall()
        )
    other = tmp_path / "other"
    shutil.copytree(bank.settings.home, other, symlinks=True)
    again = Home(other, first_day=START)
    shutil.copytree(SEEDS, policies)
    shutil.copytree(given, policies, dirs_exist_ok=True)
    judge_under(again, policies, START, LAST)
    before, after = family_verdicts(bank), family_verdicts(again)
    assert before.keys() == after.keys()
    assert moves == {
        (*place, verdict, after[place])
        for place, verdict in before.items()
        if verdict != after[place]
    }
    assert {family for family, *_ in moves} == {
        "stage", "decline_cause", "star_grade", "value_cell", "behaviour",
    }  # fmt: skip


def challenger_of_all_families(folder: Path) -> None:
    """Policies that differ in what is a fall, growing, four stars, current value and frequent."""
    folder.mkdir()
    for name, *changes in (
        (
            "policy_parameter.csv",
            ("lifecycle_repeat_count,3,", "lifecycle_repeat_count,9,"),
            ("lifecycle_fall_share,0.2,", "lifecycle_fall_share,0.05,"),
            ("segment_frequent_count,6,", "segment_frequent_count,12,"),
            ("\nvalue_months,12,", "\nvalue_months,2,"),
        ),
        ("policy_star_band.csv", (",500,true", ",1500,true")),
        ("policy_value_indicator.csv", ("deposit_income,0.4,50000", "deposit_income,0.4,5000")),
    ):
        text = (SEEDS / name).read_text("utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        (folder / name).write_text(text, "utf-8")


def family_verdicts(home: Home) -> dict[tuple[str, date, int], str]:
    """Every verdict but tiers, by family, month and customer."""
    with duckdb.connect(str(home.settings.warehouse_path), read_only=True) as con:
        rows = con.execute(
            "unpivot (select month, customer_key, columns('^(stage|decline_cause|star_grade|"
            "value_cell|behaviour|value_loyalty|preference|abc|satisfaction|age_band|novelty|income_band|"
            "strategic_group)$') from marts.customer_month) "
            "on columns(* exclude (month, customer_key)) into name family value verdict"
        ).fetchall()
    return {(family, month, key): verdict for month, key, family, verdict in rows}


def test_windows_reach_behind_the_months_asked_about(bank: Home) -> None:
    """Income and uses of a year are those of the bank, though only two months are judged again."""
    with challenge(bank.settings, SEEDS, date(2024, 4, 1), LAST) as (con, _):
        again, differing = con.execute(
            "select (select count(*) from marts.value_matrix_month where month >= '2024-04-01'), "
            "(select count(*) from (from marts.value_matrix_month where month >= '2024-04-01' "
            f"except from {AS_JUDGED}.value_matrix_month))"
        ).fetchall()[0]
    assert again > 250
    assert differing == 0


def test_a_question_from_the_middle_goes_on_from_what_was_held(
    bank: Home, lower_gold: Path
) -> None:
    """Nobody is new in the first month asked about: the champion's tiers are held before it."""
    with challenge(bank.settings, lower_gold, date(2024, 3, 9), date(2024, 4, 2)) as (con, judged):
        months = {month for _, month in (compare(con, judged) and judged_alike(con))}
        new = con.execute(
            "select count(*) from marts.tier_month as m where month = date '2024-03-01' "
            "and change = 'new' and customer_key in (select customer_key from marts.tier_month "
            "where month = date '2024-02-01')"
        ).fetchone()
        upgraded = con.execute(
            "select count(*) from marts.tier_month where month = date '2024-03-01' "
            "and scheme_code = 'deposit_tiers' and change = 'upgrade' and tier_before = 'ordinary' "
            "and measure_amount between 20000 and 49999.99"
        ).fetchone()
    assert months == {date(2024, 3, 1), date(2024, 4, 1)}
    assert new == (0,)
    assert upgraded is not None
    assert upgraded[0] > 0


def test_what_cannot_be_asked_is_said(bank: Home, tmp_path: Path, lower_gold: Path) -> None:
    strange = tmp_path / "bounds.csv"
    strange.write_text("a,b\n")
    broken = tmp_path / "broken" / lower_gold.name
    broken.parent.mkdir()
    broken.write_text(lower_gold.read_text().replace(",200000,", ",10000,"))
    for policy, first, last, said in (
        (strange, START, LAST, "no policy file"),
        (tmp_path / "nothing.csv", START, LAST, "neither a policy file nor a folder"),
        (broken, START, LAST, "policy_tier_bound.csv:4 lower_bound"),
        (lower_gold, LAST, START, "lies after"),
        (lower_gold, START, date(2024, 6, 30), "months are judged from 2024-01-01 to 2024-05-20"),
    ):
        with (
            pytest.raises(CannotAsk, match=said),
            challenge(bank.settings, policy, first, last),
        ):
            pass
    assert not list(bank.settings.home.glob("rejudge-*"))


def test_what_a_killed_question_left_is_removed(bank: Home, lower_gold: Path) -> None:
    left = bank.settings.home / "rejudge-999999999-abc"
    left.mkdir()
    with challenge(bank.settings, lower_gold, LAST, LAST):
        assert not left.exists()
