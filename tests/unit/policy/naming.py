"""Breaking a good policy in one place, and looking for the place in what is said of it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from orchestration.policy.problem import PolicyProblem
from orchestration.policy.validate import validate_policies
from tests.unit.policy.broken import Broken


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace what stands exactly once in the file."""
    path = folder / file
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {file}"
    path.write_text(content.replace(old, new), encoding="utf-8")


def require_named(
    policies: Path, case: Broken, more: Collection[tuple[str, int]] | None = None
) -> list[PolicyProblem]:
    """The case's problem is named once, by file, line, column and rule, in words that help.

    `more` are other lines that it drags after it; None: whichever.
    """
    change(policies, case.file, case.old, case.new)
    problems = validate_policies(policies)
    place = (case.found_in or case.file, case.line)
    at = [p for p in problems if (p.file, p.line, p.column) == (*place, case.column)]
    assert len(at) == 1, "\n".join(map(str, problems))
    assert at[0].rule == case.rule
    assert case.says in at[0].message
    if more is not None:
        others = {(p.file, p.line) for p in problems} - {place}
        assert others <= set(more), "\n".join(map(str, problems))
    return problems
