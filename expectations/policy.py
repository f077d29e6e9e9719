"""Policy: the files are usable before anything is built from them.

The rules themselves are orchestration.policy's; here each becomes a check per file, so that a
policy problem stands in the same record and pages as every other gate's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from expectations.check import SAMPLE_ROWS, Check, Measurement, Sample
from orchestration.policy.problem import PolicyProblem, Rule
from orchestration.policy.rows import FILES
from orchestration.policy.validate import validate_policies

REASONS: dict[Rule, str] = {
    "file": "Every policy file is there and readable, with its header: columns load by place.",
    "value": "Every value can be used as written; nothing is guessed or rounded.",
    "duplicate": "A row stands once; twice, it would count its weight twice.",
    "timeline": "Of one key exactly one row is in force at a time, without days in between.",
    "reference": "What a row names is in force as long as the row is.",
    "order": "On every day of change ranks, bounds, bands and weights fit together.",
}


def measurements(policy_dir: Path) -> list[Measurement]:
    """The number of problems per file and rule; samples say file, line and what to do."""
    problems = validate_policies(policy_dir)
    unknown = sorted({problem.file for problem in problems} - set(FILES))
    wanted = [(file, rule) for file in FILES for rule in REASONS]
    wanted += [(file, "file") for file in unknown]
    return [_measurement(file, rule, problems) for file, rule in wanted]


def _measurement(file: str, rule: Rule, problems: Sequence[PolicyProblem]) -> Measurement:
    found = [problem for problem in problems if (problem.file, problem.rule) == (file, rule)]
    check = Check(rule, file.removesuffix(".csv"), "error", "problems", REASONS[rule])
    return Measurement(check, len(found), len(found), fetch_samples=lambda: _samples(found))


def _samples(problems: Sequence[PolicyProblem]) -> list[Sample]:
    return [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "value": problem.value,
            "problem": problem.message,
        }
        for problem in problems[:SAMPLE_ROWS]
    ]
