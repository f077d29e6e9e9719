"""What the command says when it cannot do what was asked: one sentence, and a status that scripts
see. What it says when it can, in words of the bank it ran."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.days import BadDays, chosen_days
from orchestration.publish.reader import open_published
from orchestration.publish.versions import version_names
from orchestration.run import run_days
from orchestration.writer_lock import writer_lock
from tests.orchestration.conftest import DAYS, Tenure
from tests.support.dagster_runs import Ran
from tests.support.home import Home
from tests.support.other_process import opened_by_another_process
from tests.support.tiny_bank import day


def somebody(home: Home) -> str:
    """A customer who has been judged."""
    with open_published(home.settings.published_dir) as con:
        row = con.execute("select min(customer_key) from tier_month").fetchone()
    assert row is not None
    return str(row[0])


def test_looking_at_a_home_without_a_warehouse(tenure: Tenure, tmp_path: Path) -> None:
    assert "tenure run --date" in tenure(tmp_path, "status")
    for command in (
        ["explain", "C1"],
        ["publish"],
        ["accept", "raw", "2024-01-31", "--reason", "x"],
    ):
        assert len(tenure(tmp_path, *command, status=1).splitlines()) == 1, command
    period = ["--from", "2024-01-01", "--to", "2024-01-31"]
    for command in (["explain", "C1"], ["balance", "A1", *period]):
        said = tenure(tmp_path, *command, status=1)
        assert said.startswith(f"nothing is published in {tmp_path} yet: run `tenure run`, or")
    assert not (tmp_path / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "give either --date, or --from and --to"),
        (["--date", "2024-01-20", "--from", "2024-01-19"], "give either --date, or"),
        (["--from", "2024-01-20"], "a range needs both --from and --to"),
        (["--from", "2024-01-20", "--to", "2024-01-19"], "2024-01-20 lies after --to 2024-01-19"),
        (["--date", "2024-01-01"], "before the bank's first day 2024-01-18"),
        (["--date", "2999-01-01"], "2999-01-01 is too late: a run can go up to "),
        (["--date", "2024-12-24"], "2024-12-24 lies "),
    ],
)
def test_days_that_cannot_be_run(
    arguments: list[str], sentence: str, tenure: Tenure, bank_home: Home
) -> None:
    said = tenure(bank_home, "run", *arguments, status=1)
    assert sentence in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("place", ["missing/rows.csv", "."])
def test_a_file_that_cannot_be_written_is_refused_first(
    place: str, tenure: Tenure, tmp_path: Path
) -> None:
    path = str(tmp_path / place)
    month = ["--from", "2024-01-01", "--to", "2024-01-31"]
    for command in (
        ["quarantine", "--csv", path],
        ["restate", "--month", "2024-01", "--customers", path],
        ["what-if", "policy_switch.csv", *month, "--customers", path],
    ):
        assert "cannot be written" in tenure(tmp_path, *command, status=1)


def test_days_long_after_the_newest_delivery_are_meant_only_if_said(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.land({"products/2024-01-20/a.csv": ""})
    soon, later = datetime(2024, 2, 20), datetime(2024, 2, 21)
    assert chosen_days(home.settings, soon, None, None) == (soon.date(), soon.date())
    with pytest.raises(BadDays, match=r"newest delivery is of 2024-01-20.* 32 days.*--empty"):
        chosen_days(home.settings, later, None, None)
    assert chosen_days(home.settings, later, None, None, empty=True)[1] == later.date()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('first_day = "soon"', "setting 'first_day'"),
        ("threads = 0", "setting 'threads'"),
        ("colour = 1", "setting 'colour'"),
    ],
)
def test_settings_that_cannot_be_used(line: str, said: str, tenure: Tenure, tmp_path: Path) -> None:
    (tmp_path / "tenure.toml").write_text(line + "\n")
    sentence = tenure(tmp_path, "status", status=1)
    assert sentence.startswith(said)
    assert str(tmp_path / "tenure.toml") in sentence


def test_a_settings_file_that_is_no_toml(tenure: Tenure, tmp_path: Path) -> None:
    (tmp_path / "tenure.toml").write_text("first_day: tomorrow\n")
    assert "tenure.toml" in tenure(tmp_path, "status", status=1)


def test_a_variable_that_names_no_setting_is_refused(
    tenure: Tenure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENURE_VOLUME_HI", "5")
    sentence = tenure(tmp_path, "status", status=1)
    assert "TENURE_VOLUME_HI names no setting" in sentence
    assert len(sentence.splitlines()) == 1


def test_variables_of_settings_and_of_runs_are_taken(
    tenure: Tenure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENURE_THREADS", "1")
    monkeypatch.setenv("tenure_keep_hours", "1")
    monkeypatch.setenv("TENURE_WAREHOUSE", "left by a run")
    tenure(tmp_path, "status")
    monkeypatch.setenv("TENURE_THREADS", "0")
    assert tenure(tmp_path, "status", status=1).startswith("setting 'threads'")


@pytest.mark.slow
def test_questions_about_what_is_not_there(tenure: Tenure, bank_home: Home, ran: Ran) -> None:
    assert ran.succeeded, ran.failures
    assert "C999" in tenure(bank_home, "explain", "C999", status=1)
    said = tenure(bank_home, "publish", "--rollback", "2020-01-01T0001", status=1)
    assert "2020-01-01T0001" in said
    said = tenure(bank_home, "accept", "raw", "2024-01-18", "--reason", "x", status=1)
    assert said.startswith(f"raw is built through {day(DAYS - 2)}, not 2024-01-18: ")
    assert said.endswith(f"`tenure accept raw {day(DAYS - 2)}`")
    said = tenure(bank_home, "explain", "C000", "--as-of", "2030-01-01", status=1)
    assert f"speaks as of {day(DAYS - 2)}: ask for a day up to it" in said


@pytest.mark.slow
def test_publishing_after_a_rollback_says_where_readers_are(
    tenure: Tenure, copy_of_bank: Home
) -> None:
    published = copy_of_bank.settings.published_dir
    (newest,) = version_names(published)
    assert f"nothing changed since {newest}" in tenure(copy_of_bank, "publish")
    older = newest[:-1] + "0"
    (published / "versions" / newest).rename(published / "versions" / older)
    shutil.copytree(published / "versions" / older, published / "versions" / newest)
    tenure(copy_of_bank, "publish", "--rollback", older)
    said = tenure(copy_of_bank, "publish")
    assert f"readers now open {newest} again (were on {older})" in said


@pytest.mark.slow
def test_a_home_that_is_being_written(tenure: Tenure, copy_of_bank: Home) -> None:
    with opened_by_another_process(copy_of_bank):
        said = tenure(copy_of_bank, "status", status=1)
        assert "a run is writing" in said
        explained = tenure(copy_of_bank, "explain", somebody(copy_of_bank))
        assert "tier" in explained, "readers never wait"


@pytest.mark.slow
def test_a_second_run_that_will_not_wait_says_who_writes(copy_of_bank: Home) -> None:
    home = Home(copy_of_bank.settings.home, writer_wait_seconds=0)
    with writer_lock(home.settings.lock_path, 0):
        outcome = run_days(home.settings, day(DAYS - 1), day(DAYS - 1))
    assert not outcome.succeeded
    (said,) = outcome.failures
    assert "has been writing" in said
    assert "Error" not in said, said


@pytest.mark.slow
def test_what_a_home_says_of_itself(tenure: Tenure, bank_home: Home, ran: Ran) -> None:
    assert ran.succeeded, ran.failures
    status = tenure(bank_home, "status")
    assert "Deliveries waiting in landing" in status
    assert "account_balances" in status
    assert str(day(DAYS - 2)) in tenure(bank_home, "publish", "--versions")
    assert "ACT" not in tenure(bank_home, "doctor")
    assert "tier" in tenure(bank_home, "explain", somebody(bank_home))
    # Its four months are too few for grades to be held against what came of them.
    assert tenure(bank_home, "rating").startswith("No cohort is told yet")


@pytest.mark.slow
def test_two_commands_at_once_run_one_after_the_other(copy_of_bank: Home) -> None:
    command = [sys.executable, "-m", "orchestration.cli", "run"]
    home = ["--home", str(copy_of_bank.settings.home)]
    runs = [
        subprocess.Popen(
            [*command, "--date", str(day(index)), *home],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for index in (DAYS - 1, DAYS - 2)
    ]
    printed = [run.communicate(timeout=300)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], printed
