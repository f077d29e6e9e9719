"""A row of a policy file and the days on which it is in force."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestration.policy.values import problem


class PolicyRow(BaseModel):
    """One row of a policy file, in force on the days [valid_from, valid_to)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    # What a period is about: of one key, one row is in force at a time.
    key: ClassVar[tuple[str, ...]] = ()

    line: int = Field(default=0, exclude=True)

    @classmethod
    def header(cls) -> list[str]:
        """The file's columns in order."""
        return [name for name in cls.model_fields if name != "line"]

    @property
    def key_values(self) -> tuple[Any, ...]:
        """The row's key."""
        return tuple(getattr(self, name) for name in self.key)


class PeriodRow(PolicyRow):
    """A row whose period is at its end, as in every file."""

    @property
    def start(self) -> date:
        """First day in force."""
        start: date = vars(self)["valid_from"]  # declared per file: each has its own column order
        return start

    @property
    def end(self) -> date:
        """Day after the last one in force; the end of time where open."""
        return vars(self)["valid_to"] or date.max

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on the day."""
        return self.start <= day < self.end

    @model_validator(mode="after")
    def _period_runs_forward(self) -> Self:
        if self.end <= self.start:
            raise problem(
                "is not after valid_from; a period runs from valid_from up to, and without, "
                "valid_to",
                "valid_to",
            )
        return self
