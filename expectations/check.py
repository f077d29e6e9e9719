"""What a check is, how its numbers are asked for, and what came of it. Plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Severity = Literal["error", "warn"]
Layer = Literal["raw", "staging", "facts", "marts", "fits", "forward", "policy"]
Number = int | float | Decimal
Sample = dict[str, Any]

LAYERS: tuple[Layer, ...] = ("raw", "staging", "facts", "marts", "fits", "forward", "policy")
SAMPLE_ROWS = 10


@dataclass(frozen=True)
class Check:
    """One number and the band it must lie in (bounds inclusive, None: open).

    `value` and `failing` are SQL aggregates over the probe's source; `failing` counts rows where
    `value` is not itself such a count. `sample` is a query for rows to look at: keys, files, line
    numbers, never a personal column.
    """

    name: str
    table: str
    severity: Severity
    unit: str
    reason: str
    value: str = ""
    low: float | None = None
    high: float | None = 0
    failing: str | None = None
    sample: str | None = None

    @property
    def column(self) -> str:
        """The check's column in the frame that is judged; unique within a layer."""
        return f"{self.table}__{self.name}"

    @property
    def expected(self) -> str:
        """The band in words."""
        if self.low is not None and self.high is not None:
            same = self.low == self.high
            return f"= {self.low:g}" if same else f"between {self.low:g} and {self.high:g}"
        if self.high is not None:
            return "none" if self.high == 0 else f"at most {self.high:g}"
        return f"at least {self.low:g}"


@dataclass(frozen=True)
class Probe:
    """Checks that one query answers: `with` clauses, one source, an aggregate per check."""

    source: str
    checks: tuple[Check, ...]
    ctes: dict[str, str] = field(default_factory=dict)

    def query(self, select: str) -> str:
        """`select` over the probe's source."""
        return f"{self.header}select {select} from {self.source}"

    @property
    def header(self) -> str:
        """The `with` clause, or nothing."""
        parts = ", ".join(f"{name} as ({sql})" for name, sql in self.ctes.items())
        return f"with {parts} " if parts else ""


@dataclass(frozen=True)
class Measurement:
    """A check's number before it is judged; `error` says why there is none."""

    check: Check
    value: Number | None
    failing: int | None = None
    error: str | None = None
    fetch_samples: Callable[[], list[Sample]] = list


@dataclass(frozen=True)
class CheckOutcome:
    """A judged check. A broken one has no verdict on the data, and blocks like a failed error."""

    layer: str
    check: str
    table: str
    severity: Severity
    passed: bool
    broken: bool
    observed: Number | None
    expected: str
    failing_rows: int | None
    samples: tuple[Sample, ...]
    reason: str
    unit: str = ""
    error: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether the next layer must not be built."""
        return self.broken or (not self.passed and self.severity == "error")
