"""Broken star policies, each with the file, line and column that must be named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.policy.files import read_files
from orchestration.policy.star_rows import (
    StarBandRow,
    StarDimensionRow,
    StarMeasureRow,
    StarScoreRow,
)
from orchestration.policy.validate import validate_policies
from tests.unit.policy.broken import LINES, SMALL, Broken
from tests.unit.policy.naming import require_named

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds" / "policy"
DIMENSION, MEASURE = "policy_star_dimension.csv", "policy_star_measure.csv"
SCORE, BAND = "policy_star_score.csv", "policy_star_band.csv"
PARAMETER = "policy_parameter.csv"

CASES = [
    # One row by itself.
    Broken("dimension", DIMENSION, "asset_size", "assets", 2, "dimension", "value", "asset_size"),
    Broken("weight above 1", DIMENSION, "0.8", "1.8", 2, "weight", "value", "from 0 to 1"),
    Broken("weight below 0", DIMENSION, "0.2", "-0.2", 3, "weight", "value", "from 0 to 1"),
    Broken("weight too fine", DIMENSION, "0.8", "0.80001", 2, "weight", "value", "4 decimals"),
    Broken("measure", MEASURE, "average_assets", "assets", 2, "measure", "value", "turnover"),
    Broken(
        "another dimension's measure",
        MEASURE,
        "size,average_assets",
        "size,turnover",
        2,
        "measure",
        "value",
        "does not measure asset_size",
    ),
    Broken("measure of no weight", MEASURE, "0.6", "0", 3, "weight", "value", "leave out"),
    Broken("direction", MEASURE, "more", "higher", 2, "better", "value", "more or less"),
    Broken("step 0", SCORE, "assets,1,", "assets,0,", 2, "step", "value", "below 1"),
    Broken(
        "lowest step with a bound", SCORE, "assets,1,,", "assets,1,5,", 2, "lower_bound", "value",
        "must be empty",
    ),
    Broken(
        "higher step without", SCORE, "50000", "", 5, "lower_bound", "value", "only rank 1 has no",
    ),
    Broken("points below 0", SCORE, "900", "-1", 5, "points", "value", "negative"),
    Broken("points too large", SCORE, "900", "9" * 10, 5, "points", "value", "9 digits"),
    Broken("rank 0", BAND, "1,unrated", "0,unrated", 2, "grade_rank", "value", "below 1"),
    Broken(
        "lowest grade with a bound", BAND, "Unrated,,", "Unrated,0,", 2, "lower_bound", "value",
        "must be empty",
    ),
    Broken("inclusive", BAND, "0,false", "0,no", 3, "lower_inclusive", "value", "true"),
    # Numbers.
    Broken(
        "evaluation days that wander", PARAMETER, "evaluation_months,12", "evaluation_months,5",
        LINES["star_evaluation_months"], "value", "value", "divide a year",
    ),
    Broken(
        "neutral points too fine", PARAMETER, "neutral_points,100000000", "neutral_points,0.005",
        LINES["star_neutral_points"], "value", "value", "2 decimals",
    ),
    # What is named.
    Broken(
        "measure without dimension", DIMENSION, "credit_record,Credit,0.2,2020-01-01,\n", "", 3,
        "dimension", "reference", "not in policy_star_dimension.csv", MEASURE,
    ),
    Broken(
        "measure without steps", SCORE, "loans_in_default,1,,500,2020-01-01,\n", "", 4, "measure",
        "reference", "not in policy_star_score.csv", MEASURE,
    ),
    Broken(
        "steps of nothing", SCORE, "loans_in_default,1,,500,2020-01-01,\n",
        "loans_in_default,1,,500,2020-01-01,\nturnover,1,,0,2020-01-01,\n", 9, "measure",
        "reference", "not in policy_star_measure.csv",
    ),
    Broken(
        "steps end before the measure", SCORE, "loans_in_default,1,,500,2020-01-01,",
        "loans_in_default,1,,500,2020-01-01,2025-01-01", 4, "measure", "reference", "2025-01-01",
        MEASURE,
    ),
    # On some day.
    Broken("dimensions beside 1", DIMENSION, "0.8", "0.7", 2, "weight", "order", "up to 0.9"),
    Broken("measures beside 1", MEASURE, "0.6", "0.5", 3, "weight", "order", "up to 0.9"),
    Broken(
        "weights from a day on", DIMENSION, "Credit,0.2,2020-01-01,\n",
        "Credit,0.2,2020-01-01,2024-01-01\ncredit_record,Credit,0.1,2024-01-01,\n", 2, "weight",
        "order", "0.9 on 2024-01-01",
    ),
    Broken(
        "dimension without measure", DIMENSION, "Credit,0.2,2020-01-01,\n",
        "Credit,0.1,2020-01-01,\ncooperation,Cooperation,0.1,2020-01-01,\n", 4, "dimension",
        "order", "no measure on 2020-01-01",
    ),
    Broken("steps equal", SCORE, "50000", "2000", 5, "lower_bound", "order", "2000 of step 2"),
    Broken(
        "steps cross later", SCORE, "2000,100", "60000,100", 5, "lower_bound", "order", "2024-07",
    ),
    Broken("a step is missing", SCORE, "assets,3,", "assets,4,", 5, "step", "order", "no step 3"),
    Broken(
        "more is worse", SCORE, "50000,900", "50000,50", 5, "points", "order", "more average_assets"
    ),
    Broken(
        "less is worse", SCORE, "due,2,1,0", "due,2,1,501", 7, "points", "order",
        "less days_past_due",
    ),
    Broken("grades equal", BAND, "60", "0", 5, "lower_bound", "order", "0 of grade_rank 2"),
    Broken(
        "a grade is missing", BAND, "2,quasi,Quasi,0,false,2020-01-01,\n", "", 3, "grade_rank",
        "order", "no grade_rank 2",
    ),
    Broken(
        "a grade disappears", BAND, "60,true,2024-07-01,", "60,true,2024-07-01,2025-01-01", 5,
        "valid_to", "order", "disappears on 2025-01-01",
    ),
    Broken(
        "a rank changes its grade", BAND, "3,three,Three,60", "3,gold,Gold,60", 5, "grade_code",
        "order", "is 'three' until 2024-07-01",
    ),
    Broken("a grade twice", BAND, "2,quasi", "2,unrated", 3, "grade_code", "order", "two ranks"),
]  # fmt: skip
# Lines that a case moves or breaks besides the one it names.
MORE = {
    "a grade is missing": {(BAND, 4)},
    "measure without dimension": {(DIMENSION, 2), (MEASURE, 4)},
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_named_by_line_and_column(policies: Path, case: Broken) -> None:
    require_named(policies, case, MORE.get(case.name, ()))


@pytest.mark.parametrize("file", [DIMENSION, BAND])
def test_an_empty_file_is_said_to_be_silent(policies: Path, file: str) -> None:
    """Nobody could be graded: of what there is nothing, no line can be named."""
    header = SMALL[file].splitlines()[0]
    (policies / file).write_text(header + "\n", encoding="utf-8")
    if file == DIMENSION:
        for other in (MEASURE, SCORE):
            header = SMALL[other].splitlines()[0]
            (policies / other).write_text(header + "\n", encoding="utf-8")
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.line, problem.rule) == (file, 0, "order")
    assert "2020-01-01" in problem.message


def test_the_highest_grade_can_be_reached() -> None:
    """The best of every measure brings the points of the highest grade as shipped."""
    rows, problems = read_files(SEEDS)
    assert not problems
    best: dict[str, Decimal] = {}
    for score in rows[SCORE]:
        assert isinstance(score, StarScoreRow)
        best[score.measure] = max(best.get(score.measure, Decimal(0)), score.points)
    within: dict[str, Decimal] = {}
    for measure in rows[MEASURE]:
        assert isinstance(measure, StarMeasureRow)
        so_far = within.get(measure.dimension, Decimal(0))
        within[measure.dimension] = so_far + measure.weight * best[measure.measure]
    total = Decimal(0)
    for dimension in rows[DIMENSION]:
        assert isinstance(dimension, StarDimensionRow)
        total += dimension.weight * within[dimension.dimension]
    highest = max(
        row.lower_bound
        for row in rows[BAND]
        if isinstance(row, StarBandRow) and row.lower_bound is not None
    )
    assert total > highest


def test_risk_tolerance_does_not_count_as_shipped() -> None:
    rows, _ = read_files(SEEDS)
    weights = {
        row.dimension: row.weight for row in rows[DIMENSION] if isinstance(row, StarDimensionRow)
    }
    assert weights["risk_tolerance"] == 0
