"""Rows of the value policies: what a use of a channel costs.

Field order is the header's order.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import model_validator

from orchestration.policy.period import PeriodRow
from orchestration.policy.values import (
    Day,
    OptionalDay,
    OptionalText,
    number,
    one_of,
    problem,
    required,
)

LOGIN = "login"
# The contract's kinds and channels of transactions; a test holds them together.
KINDS = (
    "payment", "transfer", "cash", "bill", "interest", "fee", "salary", "pension", "repayment",
    "insurance", "investment", "other",
)  # fmt: skip
CHANNELS = (
    "counter", "atm", "pos", "net", "mobile", "phone", "tv", "wechat", "direct_link", "system",
)  # fmt: skip


class UnitCostRow(PeriodRow):
    """What one transaction of a kind, or one login, costs the bank through a channel."""

    key = ("kind", "channel")
    kind: Annotated[str, required(one_of(*KINDS, LOGIN))]
    channel: Annotated[str, required(one_of(*CHANNELS))]
    unit_cost: Annotated[Decimal, required(number(18, 6))]
    valid_from: Day
    valid_to: OptionalDay
    source: OptionalText

    @model_validator(mode="after")
    def _is_a_cost(self) -> Self:
        if self.unit_cost < 0:
            raise problem("must not be below 0: a cost is an amount spent", "unit_cost")
        return self
