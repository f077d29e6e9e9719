"""Checks all policy files; run before anything is built from them."""

from __future__ import annotations

from pathlib import Path

from orchestration.policy.files import read_files
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.timeline import timeline_problems
from orchestration.policy.together import problems_together


def validate_policies(policy_dir: Path) -> list[PolicyProblem]:
    """Everything wrong with the policy files, by file and line; empty if they can be used.

    In three steps, each only when the one before found nothing: what a bad date or a repeated row
    would drag after it is noise to whoever has to correct it.
    """
    rows, problems = read_files(policy_dir)
    if not problems:
        problems = [
            problem for file, found in rows.items() for problem in timeline_problems(file, found)
        ]
    if not problems:
        problems = list(problems_together(rows))
    return sorted(problems)
