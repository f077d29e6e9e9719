"""The policy gate: problems in files become failing checks that name file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from expectations.gate import passed
from expectations.judge import judge
from expectations.policy import measurements

SHIPPED = Path(__file__).parents[3] / "dbt_project" / "seeds" / "policy"


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    for path in SHIPPED.glob("*.csv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_the_shipped_policy_passes(policies: Path) -> None:
    assert passed(judge("policy", measurements(policies)))


def test_a_problem_blocks_and_is_shown_with_file_and_line(policies: Path) -> None:
    path = policies / "policy_tier_grace.csv"
    content = path.read_text(encoding="utf-8").replace("none,1,0,latest", "none,1,0,never")
    path.write_text(content, encoding="utf-8")
    outcomes = judge("policy", measurements(policies))
    assert not passed(outcomes)
    (failed,) = (outcome for outcome in outcomes if not outcome.passed)
    assert (failed.table, failed.check, failed.failing_rows) == ("policy_tier_grace", "value", 1)
    assert failed.samples[0]["file"] == "policy_tier_grace.csv"
    assert failed.samples[0]["line"] == 2
    assert failed.samples[0]["column"] == "demote_to"


def test_an_unknown_file_is_a_check_of_its_own(policies: Path) -> None:
    (policies / "policy_other.csv").write_text("a\n", encoding="utf-8")
    failed = [one for one in judge("policy", measurements(policies)) if not one.passed]
    assert [(one.table, one.check) for one in failed] == [("policy_other", "file")]
