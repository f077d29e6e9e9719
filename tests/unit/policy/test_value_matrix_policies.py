"""Broken policies of the value matrix, each with the file, line and column that must be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.policy.validate import validate_policies
from tests.unit.policy.broken import LINES, PARAMETER, SMALL, Broken
from tests.unit.policy.naming import require_named

FILE = "policy_value_indicator.csv"

CASES = [
    # One row by itself.
    Broken("indicator", FILE, "asset_business", "assets", 2, "indicator", "value", "asset_bus"),
    Broken("axis", FILE, "current,loan", "past,loan", 2, "axis", "value", "cost"),
    Broken(
        "another axis", FILE, "cost,maintenance", "potential,maintenance", 5, "axis", "value",
        "none of its indicators: products",
    ),
    Broken(
        "another indicator's measure", FILE, "loan_income", "mobile_uses", 2, "measure", "value",
        "does not measure asset_business; use loan_income",
    ),
    Broken("no weight", FILE, "0.6", "0", 2, "weight", "value", "leave out"),
    Broken("weight above 1", FILE, "cost,1,", "cost,1.5,", 5, "weight", "value", "at most 1"),
    Broken("weight too fine", FILE, "0.6", "0.60001", 2, "weight", "value", "4 decimals"),
    Broken("full at nothing", FILE, "held,1,5,", "held,1,0,", 6, "full_at", "value", "above 0"),
    Broken("full too far", FILE, "held,1,5,", "held,1,5e9,", 6, "full_at", "value", "number"),
    Broken(
        "full beyond what is divided", FILE, "held,1,5,", f"held,1,{'9' * 13},", 6, "full_at",
        "value", "12 digits",
    ),
    # Numbers.
    Broken(
        "a cut too fine", PARAMETER, "value_current_cut,100", "value_current_cut,0.005",
        LINES["value_current_cut"], "value", "value", "2 decimals",
    ),
    Broken(
        "a cut nobody reaches", PARAMETER, "value_potential_cut,100", "value_potential_cut,101",
        LINES["value_potential_cut"], "value", "value", "from 0 to 100",
    ),
    # On some day.
    Broken("beside 1", FILE, "0.6", "0.5", 2, "weight", "order", "current add up to 0.9"),
    Broken(
        "from a day on", FILE, "deposits,0.4,90000", "deposits,0.3,90000", 2, "weight", "order",
        "0.9 on 2024-07-01",
    ),
    Broken("cost beside 1", FILE, "cost,1,", "cost,0.5,", 5, "weight", "order", "cost add up"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_named_by_line_and_column(policies: Path, case: Broken) -> None:
    require_named(policies, case)


def test_an_axis_without_indicators_is_said_to_be_silent(policies: Path) -> None:
    """Nobody could be scored; of what there is nothing, no line can be named."""
    header = SMALL[FILE].splitlines()[0]
    (policies / FILE).write_text(header + "\n", encoding="utf-8")
    problems = validate_policies(policies)
    assert [(problem.line, problem.value, problem.rule) for problem in problems] == [
        (0, "current", "order"),
        (0, "potential", "order"),
    ]


def test_cost_may_be_left_out(policies: Path) -> None:
    lines = SMALL[FILE].splitlines(keepends=True)
    kept = "".join(line for line in lines if ",cost," not in line)
    (policies / FILE).write_text(kept, encoding="utf-8")
    assert validate_policies(policies) == []
