"""Rows of the policy of forward value: which model speaks for whom.

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
    one_of,
    problem,
    required,
)

PROSPECT = "prospect"
ACCOUNT = "account"
PAYMENTS = "payments"
POPULATIONS = (PROSPECT, ACCOUNT, PAYMENTS, "contract")
CHAIN = "chain"
# They speak of histories of purchases.
OF_PURCHASES = ("beta_geometric", "pareto")
# Macro forward_models has the same; a test holds them together.
MODELS = (CHAIN, "naive", "retention", *OF_PURCHASES)
BEST = "best"


class ForwardModelRow(PeriodRow):
    """The model that a population's forward value is taken from."""

    key = ("population",)
    population: Annotated[str, required(one_of(*POPULATIONS))]
    model: Annotated[str, required(one_of(*MODELS, BEST))]
    valid_from: Day
    valid_to: OptionalDay
    source: OptionalText

    @model_validator(mode="after")
    def _can_speak(self) -> Self:
        if self.population == PROSPECT and self.model != CHAIN:
            raise problem(
                "knows nothing of prospects, who have no account to keep: use chain", "model"
            )
        if self.model in OF_PURCHASES and self.population != PAYMENTS:
            raise problem(
                "speaks of purchases alone: use it for the population payments",
                "model",
            )
        return self
