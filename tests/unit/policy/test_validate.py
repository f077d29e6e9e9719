"""Broken policy files, each with the file, line and column that must be named."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.policy.fingerprint import policy_fingerprint
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.rows import FILES
from orchestration.policy.tier_rows import BALANCE_CLASSES
from orchestration.policy.validate import validate_policies
from tests.unit.policy.broken import (
    BOUND,
    CASES,
    GRACE,
    MEASURE,
    MORE,
    PLATINUM,
    SCHEME,
    WATCH,
    Broken,
)
from tests.unit.policy.naming import change, require_named

PROJECT = Path(__file__).parents[3] / "dbt_project"


def test_the_small_policy_is_good(policies: Path) -> None:
    assert validate_policies(policies) == []


def test_the_shipped_policy_is_good() -> None:
    assert validate_policies(PROJECT / "seeds" / "policy") == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_named_by_line_and_column(policies: Path, case: Broken) -> None:
    require_named(policies, case, MORE.get(case.name, ()))


def test_zero_weights_measure_nothing(policies: Path) -> None:
    change(policies, MEASURE, "demand,1,", "demand,0,")
    change(policies, MEASURE, "time_deposit,0.5", "time_deposit,0")
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.line, problem.column) == (MEASURE, 2, "weight")


def test_a_measure_that_starts_after_its_scheme(policies: Path) -> None:
    path = policies / MEASURE
    path.write_text(path.read_text(encoding="utf-8").replace("2020-01", "2020-02"), "utf-8")
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.line, problem.column) == (SCHEME, 2, "measure_code")
    assert "not in force on 2020-01-01" in problem.message


def test_a_scheme_without_tiers(policies: Path) -> None:
    path = policies / SCHEME
    extra = "other,Other,adb,all,judgement,2024-01-01,2025-01-01,\n"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.line, problem.column) == (SCHEME, 3, "scheme_code")
    assert "no tiers on 2024-01-01" in problem.message


def test_tiers_may_end_with_their_scheme(policies: Path) -> None:
    change(policies, SCHEME, "2020-01-01,", "2020-01-01,2025-01-01")
    change(policies, BOUND, PLATINUM, PLATINUM.replace(",\n", ",2025-01-01\n"))
    change(policies, WATCH, "10000,,2020-01-01,", "10000,,2020-01-01,2025-01-01")
    assert validate_policies(policies) == []


def test_a_tier_may_be_added_on_top(policies: Path) -> None:
    path = policies / BOUND
    extra = "tiers,4,diamond,Diamond,900000,grace_3,2024-07-01,\n"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    assert validate_policies(policies) == []


def test_a_missing_file(policies: Path) -> None:
    (policies / GRACE).unlink()
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.line, problem.rule) == (GRACE, 0, "file")
    assert str(problem).startswith(f"{GRACE}: is missing")


def test_an_unreadable_file(policies: Path) -> None:
    (policies / GRACE).unlink()
    (policies / GRACE).mkdir()
    (problem,) = validate_policies(policies)
    assert "cannot be read" in problem.message


def test_an_empty_file(policies: Path) -> None:
    (policies / GRACE).write_text("", encoding="utf-8")
    (problem,) = validate_policies(policies)
    assert (problem.line, problem.rule) == (1, "file")


def test_an_unknown_file(policies: Path) -> None:
    (policies / "policy_tier_bounds.csv").write_text("a\n", encoding="utf-8")
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.rule) == ("policy_tier_bounds.csv", "file")


def test_another_encoding(policies: Path) -> None:
    path = policies / BOUND
    path.write_bytes(path.read_bytes().replace(b"Platinum", "白金".encode("gb18030")))
    (problem,) = validate_policies(policies)
    assert (problem.file, problem.line, problem.rule) == (BOUND, 5, "file")


def test_a_byte_order_mark_and_windows_lines_are_tolerated(policies: Path) -> None:
    path = policies / BOUND
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert validate_policies(policies) == []


def test_lines_count_through_quoted_line_breaks(policies: Path) -> None:
    change(policies, GRACE, "none,1,0,latest,2020-01-01,,", 'none,1,0,latest,2020-01-01,,"a\nb"')
    change(policies, GRACE, "best", "worst")
    (problem,) = validate_policies(policies)
    assert (problem.line, problem.column, problem.value) == (4, "demote_to", "worst")


def test_every_problem_of_a_row_is_told(policies: Path) -> None:
    change(policies, GRACE, "grace_3,3,1,best", "grace_3,three,,worst")
    columns = [problem.column for problem in validate_policies(policies)]
    assert columns == ["demote_to", "grace_months", "silent_months"]


def test_a_problem_reads_as_a_sentence() -> None:
    problem = PolicyProblem(BOUND, 4, "lower_bound", "x", "'x' is not a number", "value")
    assert str(problem) == "policy_tier_bound.csv:4 lower_bound: 'x' is not a number"


@pytest.mark.parametrize(
    ("edit", "same"),
    [
        (lambda content: content.replace(b"\n", b"\r\n"), True),
        (lambda content: b"\xef\xbb\xbf" + content + b"\n\n", True),
        (lambda content: content.replace(b"60000", b"60001"), False),
    ],
)
def test_the_fingerprint_follows_the_content(
    policies: Path, edit: Callable[[bytes], bytes], same: bool
) -> None:
    before = policy_fingerprint(policies)
    path = policies / BOUND
    path.write_bytes(edit(path.read_bytes()))
    assert (policy_fingerprint(policies) == before) is same


def test_the_fingerprint_follows_names(policies: Path) -> None:
    before = policy_fingerprint(policies)
    shutil.copy(policies / BOUND, policies / "policy_other.csv")
    assert policy_fingerprint(policies) != before


def test_components_are_the_models_balance_classes() -> None:
    macros = (PROJECT / "macros" / "engine" / "product_classes.sql").read_text(encoding="utf-8")
    listed = re.search(r"balance_classes\(\).*?\[(.*?)\]", macros, re.S)
    assert listed is not None
    assert tuple(re.findall(r"'(\w+)'", listed[1])) == BALANCE_CLASSES


def test_headers_are_the_seeds_columns() -> None:
    for name, model in FILES.items():
        with (PROJECT / "seeds" / "policy" / name).open(encoding="utf-8") as file:
            assert file.readline().strip().split(",") == model.header()
