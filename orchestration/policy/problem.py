"""What is wrong with a policy file, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Rule = Literal["file", "value", "duplicate", "timeline", "reference", "order"]


@dataclass(frozen=True, order=True)
class PolicyProblem:
    """One problem. `line` counts from 1 with the header; 0 where the file itself is the problem.

    Rules: file (missing, unreadable, header), value (one row by itself), duplicate, timeline
    (gaps and overlaps of a key), reference (something named that is not there then), order (rows
    that do not fit together at some day).
    """

    file: str
    line: int
    column: str
    value: str
    message: str
    rule: Rule

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        column = f" {self.column}" if self.column else ""
        return f"{where}{column}: {self.message}"
