"""Broken policies of the corporate rating, each with the file, line and column to be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.landing.contract import load_contract
from orchestration.policy.rating_rows import ITEMS
from orchestration.policy.validate import validate_policies
from tests.unit.policy.broken import LINES, PARAMETER, Broken
from tests.unit.policy.naming import change, require_named

BLOCK, INDICATOR = "policy_rating_block.csv", "policy_rating_indicator.csv"
BENCHMARK, INDUSTRY = "policy_rating_benchmark.csv", "policy_rating_industry.csv"
ITEM, GRADE = "policy_rating_item.csv", "policy_rating_grade.csv"
SCALE, KNOCKOUT = "policy_rating_master_scale.csv", "policy_rating_knockout.csv"

CASES = [
    # One row by itself.
    Broken("part", BLOCK, "quantitative,solvency", "both,solvency", 2, "part", "value", "qualit"),
    Broken(
        "block of the other part", BLOCK, "quantitative,solvency", "qualitative,solvency", 2,
        "block", "value", "no qualitative block",
    ),
    Broken("no header", BLOCK, "Name,10,20", "Name,0,20", 9, "declared", "value", "above 0"),
    Broken("ratio", INDICATOR, "quick_ratio", "acid_test", 3, "indicator", "value", "quick_ratio"),
    Broken("set", INDICATOR, "alternative,40", "other,40", 3, "indicator_set", "value", "base"),
    Broken("no weight", INDICATOR, "base,40", "base,0", 2, "weight", "value", "above 0"),
    Broken("way", INDICATOR, "base,40,less", "base,40,low", 2, "better", "value", "more or less"),
    Broken(
        "levels to and fro", BENCHMARK, "debt_ratio,1,2", "debt_ratio,1,1.5,2", 2, "", "value",
        "fields",
    ),
    Broken(
        "levels that turn", BENCHMARK, "debt_ratio,1,2,3", "debt_ratio,1,3,2", 2, "excellent",
        "value", "all rise or all fall",
    ),
    Broken(
        "levels that stand", BENCHMARK, "debt_ratio,1,2,3", "debt_ratio,1,1,3", 2, "excellent",
        "value", "all rise or all fall",
    ),
    Broken("trade", INDUSTRY, "general,trading", "general,shop", 2, "trade", "value", "producer"),
    Broken("item", ITEM, "loan_quality", "loans", 5, "item", "value", "loan_quality"),
    Broken("no points", ITEM, "market,28", "market,0", 2, "points", "value", "above 0"),
    Broken("grade", GRADE, "12,AAA", "12,AAAA", 14, "grade", "value", "AAA"),
    Broken("place", GRADE, "12,AAA", "13,AAA", 14, "grade_rank", "value", "must be 12"),
    Broken("no bound", GRADE, "always,80", "always,", 14, "lower_bound", "value", "only rank 1"),
    Broken("below nought", GRADE, "always,40", "always,0", 3, "lower_bound", "value", "above 0"),
    Broken("unreachable", GRADE, "always,80", "always,101", 14, "lower_bound", "value", "most 100"),
    Broken(
        "certain default", SCALE, "\nB,0.20", "\nB,1", 2, "default_probability", "value", "between",
    ),
    Broken("condition", KNOCKOUT, "equity_gone", "gone", 2, "condition", "value", "equity_gone"),
    Broken("grade left", KNOCKOUT, "gone,BB", "gone,C", 2, "best_grade", "value", "BBB"),
    # Numbers.
    Broken(
        "coefficient too fine", PARAMETER, "rating_good_coefficient,0.8",
        "rating_good_coefficient,0.805", LINES["rating_good_coefficient"], "value", "value",
        "2 decimals",
    ),
    Broken(
        "coefficients that stand", PARAMETER, "rating_good_coefficient,0.8",
        "rating_good_coefficient,0.6", LINES["rating_average_coefficient"], "value", "order",
        "not below the 0.6 of rating_good_coefficient",
    ),
    Broken(
        "parts beside 1", PARAMETER, "rating_qualitative_weight,0.25",
        "rating_qualitative_weight,0.3", LINES["rating_quantitative_weight"], "value", "order",
        "1.05",
    ),
    # On some day.
    Broken("headers beside 100", BLOCK, "28,28", "28,27", 6, "corrected", "order", "come to 99"),
    Broken("set beside its block", INDICATOR, "base,32", "base,31", 4, "weight", "order", "31"),
    Broken(
        "mixed set", INDICATOR, "growth,alternative", "growth,base", 8, "weight", "order", "20",
    ),
    Broken(
        "benchmark of nothing", INDUSTRY, "Wholesale,general", "Wholesale,trade", 2, "benchmark",
        "reference", "'trade' has no debt_ratio",
    ),
    Broken(
        "benchmark the other way", BENCHMARK, "debt_ratio,1,2,3,4,5", "debt_ratio,5,4,3,2,1", 2,
        "excellent", "order", "less debt_ratio is better",
    ),
    Broken(
        "trades that come to other sums", ITEM, "prospects,11,trading", "prospects,10,trading", 6,
        "points", "order", "11 points for producers and 10 for trading",
    ),
    Broken("no such industry", INDUSTRY, "other,Other", "others,Other", 0, "industry", "order",
           "no other"),
    Broken("bounds cross", GRADE, "always,76", "always,72", 13, "lower_bound", "order", "72"),
    Broken("bounds cross when split", GRADE, "split,54", "split,52", 7, "lower_bound", "order",
           "not above the 52 of BBB"),
    Broken("scale that turns", SCALE, "\nBB,0.19", "\nBB,0.21", 3, "default_probability", "order",
           "above the 0.20 of B"),
]  # fmt: skip
MORE = {"mixed set": {(BLOCK, 5)}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_named_by_line_and_column(policies: Path, case: Broken) -> None:
    require_named(policies, case, MORE.get(case.name, ()))


def test_a_block_without_items_is_named(policies: Path) -> None:
    change(policies, ITEM, "managers,Name,management,19,all,2019-01-01,\n", "")
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.line, problem.column) == (BLOCK, 7, "block")
    assert "management has no item" in problem.message


def test_a_knock_out_to_a_grade_that_nobody_has_is_named(policies: Path) -> None:
    """Were it let through, the condition would knock out nobody."""
    change(policies, GRADE, "2,BB,always,40,Name,2019-01-01,\n", "")
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.line, problem.column) == (KNOCKOUT, 2, "best_grade")
    assert "BB has no row in policy_rating_grade.csv" in problem.message


def test_items_are_those_of_the_contract() -> None:
    contract = load_contract().tables["qualitative_assessments"]
    assert list(ITEMS) == list(contract.columns["item"].codes)
