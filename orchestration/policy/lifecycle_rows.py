"""Rows of the lifecycle policies: stages and causes of decline.

Field order is the header's order.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from orchestration.policy.period import PeriodRow
from orchestration.policy.values import (
    Day,
    OptionalDay,
    OptionalText,
    Text,
    Whole,
    one_of,
    problem,
    required,
)

# What the models judge; macros/lifecycle has a rule for each.
STAGES = ("prospect", "developing", "growing", "mature", "declining", "terminated")
CAUSES = (
    "sudden_outflow",
    "bank_side",
    "competitor",
    "own_circumstances",
    "negative_value",
    "unknown",
)
# Whoever declines without evidence for another cause.
LAST_CAUSE = "unknown"
# The four stages of a relationship, and its end.
RELATIONSHIP_STAGES = ("exploration", "development", "maturity", "decline", "ended")
STRATEGIES = ("first_aid", "response", "improvement", "abandonment")


class StageRow(PeriodRow):
    """A stage of the lifecycle: its name, its place among four stages, and what to do."""

    key = ("stage",)
    stage: Annotated[str, required(one_of(*STAGES))]
    stage_name: Text
    relationship_stage: Annotated[str, required(one_of(*RELATIONSHIP_STAGES))]
    strategy: Text
    valid_from: Day
    valid_to: OptionalDay


class CauseRow(PeriodRow):
    """A cause of decline: which one counts of several, and the strategy against it."""

    key = ("cause",)
    cause: Annotated[str, required(one_of(*CAUSES))]
    cause_name: Text
    precedence: Whole
    strategy: Annotated[str, required(one_of(*STRATEGIES))]
    valid_from: Day
    valid_to: OptionalDay
    source: OptionalText

    @model_validator(mode="after")
    def _counts_from_one(self) -> Self:
        if self.precedence < 1:
            raise problem("is below 1; 1 is the cause that counts before all others", "precedence")
        return self
