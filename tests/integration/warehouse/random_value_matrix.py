"""Policies of the value matrix drawn at random, and what customers bring, cost and do."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from orchestration.policy.value_matrix_rows import AXES
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import PolicyLine

START = date(2000, 1, 1)
WHOLE = 10_000
# Amounts and counts about which the banks' customers lie.
FULL: dict[str, Sequence[float | str]] = {
    "products_held": (1, 2, "2.5", 7),
    "classes_held": (1, 3),
    "mobile_uses": (1, 3, 40),
    "average_assets": ("0.01", 10_000, 120_000, "999999999999.99"),
    "average_deposits": (1, 50_000, 300_000),
    "loans_outstanding": (1, 500, 800),
}
MONEY: Sequence[float | str] = ("0.01", 1, "33.33", 100, 3_000, "999999999999.99")
AMOUNTS: Sequence[float | str] = (-50, "0.01", 5, "33.33", 100, 3_000)


class RandomValueMatrix:
    """One seed's policies of the value matrix over a range of days."""

    def __init__(self, chance: random.Random, days: Sequence[date]) -> None:
        self._chance = chance
        self._days = days

    def files(self) -> dict[str, list[PolicyLine]]:
        """The file of indicators: on every axis some of them, weights adding up to 1."""
        chosen = {
            axis: self._chance.sample(
                [*names], self._chance.randint(0 if axis == "cost" else 1, len(names))
            )
            for axis, names in AXES.items()
        }
        return {
            "value_indicator": [
                line for axis, names in chosen.items() if names for line in self._axis(axis, names)
            ]
        }

    def parameters(self) -> Iterator[PolicyLine]:
        """The window and the cuts, which some scores meet exactly."""
        for name, unit, values in (
            ("months", "months", (1, 2, 3, 12)),
            ("current_cut", "points", (-100, "-7.5", 0, 0, 20, 50, "33.33", 100)),
            ("potential_cut", "points", (0, 20, 40, 50, "66.67", 100)),
        ):
            for period in self._periods():
                value = self._chance.choice(values)
                yield period | {"parameter": f"value_{name}", "value": value, "unit": unit}

    def switches(self) -> Iterator[PolicyLine]:
        """What is on a cut, and what becomes of indicators that are not measured."""
        for name, choices in (("on_cut", ("high", "low")), ("missing", ("reweigh", "zero"))):
            for period in self._periods():
                yield period | {"switch": f"value_{name}", "choice": self._chance.choice(choices)}

    def _periods(self) -> Iterator[dict[str, object]]:
        cuts = sorted(self._chance.sample(self._days, self._chance.choice([0, 0, 1, 2])))
        for first, end in pairwise([START, *cuts, None]):
            yield {"valid_from": first, "valid_to": end or ""}

    def _axis(self, axis: str, names: Sequence[str]) -> Iterator[PolicyLine]:
        for period in self._periods():
            spare = WHOLE - len(names)
            cuts = sorted(self._chance.randint(0, spare) for _ in names[1:])
            for name, (low, high) in zip(names, pairwise([0, *cuts, spare]), strict=True):
                measure = self._chance.choice(AXES[axis][name])
                yield period | {
                    "indicator": name, "indicator_name": name, "axis": axis, "measure": measure,
                    "weight": f"{(high - low + 1) / WHOLE:.4f}",
                    "full_at": self._chance.choice(FULL.get(measure, MONEY)),
                }  # fmt: skip


def bring_and_cost(
    bank: Deliverer, chance: random.Random, number: str, days: Sequence[date]
) -> None:
    """Income, costs and logins of one customer, losses and corrections among them, some late."""
    for table, components in (
        ("income_items", ("spread_deposit", "spread_loan", "fee", "intermediary")),
        ("cost_items", ("service", "acquisition", "maintenance", "points", "referral")),
    ):
        for component in chance.sample(components, chance.choice([0, 1, 2])):
            for on in sorted(chance.sample(days, chance.choice([1, 3]))):
                bank.deliver(
                    table, _late(chance, on, days), customer_id=number, booked_on=on,
                    component=component, amount=chance.choice(AMOUNTS),
                )  # fmt: skip
    for on in sorted(chance.sample(days, chance.choice([0, 0, 1, 4]))):
        bank.deliver(
            "channel_logins", _late(chance, on, days), customer_id=number, login_on=on,
            channel=chance.choice(["mobile", "mobile", "net"]), logins=chance.choice([1, 3]),
        )  # fmt: skip


def _late(chance: random.Random, on: date, days: Sequence[date]) -> date:
    return min(on + timedelta(chance.choice([0, 0, 0, 5, 40])), days[-1])
