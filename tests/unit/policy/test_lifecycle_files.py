"""Broken lifecycle policies, each with the file, line and column that must be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.policy.validate import validate_policies
from tests.unit.policy.broken import LINES, PARAMETER, Broken
from tests.unit.policy.naming import require_named

STAGE, CAUSE = "policy_lifecycle_stage.csv", "policy_decline_cause.csv"

CASES = [
    Broken("unknown stage", STAGE, "growing", "grown", 4, "stage", "value", "prospect"),
    Broken(
        "unknown relationship stage",
        STAGE,
        "growing,Name,exploration",
        "growing,Name,discovery",
        4,
        "relationship_stage",
        "value",
        "exploration",
    ),
    Broken("no strategy", STAGE, "mature,Name,exploration,Talk", "mature,Name,exploration,", 5,
           "strategy", "value", "empty"),
    Broken("unknown cause", CAUSE, "competitor", "rival", 4, "cause", "value", "competitor"),
    Broken("unknown strategy", CAUSE, "competitor,Name,3,response", "competitor,Name,3,hope", 4,
           "strategy", "value", "first_aid"),
    Broken("precedence zero", CAUSE, "sudden_outflow,Name,1", "sudden_outflow,Name,0", 2,
           "precedence", "value", "below 1"),
    Broken("two causes first", CAUSE, "competitor,Name,3", "competitor,Name,2", 4, "precedence",
           "order", "bank_side (line 3)"),
    Broken("the unknown before others", CAUSE, "unknown,Name,6", "unknown,Name,1", 7, "precedence",
           "order", "sudden_outflow"),
    Broken("stage ends", STAGE, "mature,Name,exploration,Talk,2019-01-01,",
           "mature,Name,exploration,Talk,2019-01-01,2025-01-01", 5, "stage", "order",
           "no mature on 2025-01-01"),
    Broken("baseline never known", PARAMETER, "lifecycle_baseline_months,60",
           "lifecycle_baseline_months,5", LINES["lifecycle_baseline_known_months"], "value",
           "order", "at most the 5"),
    Broken("income beyond evidence", PARAMETER, "lifecycle_evidence_months,60",
           "lifecycle_evidence_months,24", LINES["lifecycle_income_months"], "value", "order",
           "below the 24"),
    Broken("share above one", PARAMETER, "lifecycle_fall_share,1", "lifecycle_fall_share,1.5",
           LINES["lifecycle_fall_share"], "value", "value", "from 0 to 1"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_named_by_line_and_column(policies: Path, case: Broken) -> None:
    require_named(policies, case)


def test_a_missing_stage_and_a_missing_cause(policies: Path) -> None:
    for file, name in ((STAGE, "mature"), (CAUSE, "competitor")):
        path = policies / file
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith(name)), "utf-8")
    found = {(problem.file, problem.value, problem.line) for problem in validate_policies(policies)}
    assert found == {(STAGE, "mature", 0), (CAUSE, "competitor", 0)}


def test_the_unknown_last_but_one_is_named_whichever_line_it_stands_on(policies: Path) -> None:
    path = policies / CAUSE
    content = path.read_text(encoding="utf-8")
    content = content.replace("unknown,Name,6", "unknown,Name,7")
    path.write_text(content.replace("competitor,Name,3", "competitor,Name,8"), "utf-8")
    (problem,) = validate_policies(policies)
    assert (problem.line, problem.column) == (7, "precedence")
    assert "give unknown the highest precedence" in problem.message
