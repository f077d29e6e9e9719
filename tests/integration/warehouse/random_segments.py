"""Segment policies and customers' lives drawn at random, on and beside each other's bounds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from orchestration.policy.parameters import SWITCHES
from orchestration.policy.segment_rows import GROUPS
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import PolicyLine

START = date(2000, 1, 1)
AGES = (18, 25, 30, 40, 41, 60)
INCOMES = ("35000", "60000", "100000", "100000.01", "200000")
AMOUNTS = ("0.01", "10", "10", "25.5", "40", "-10", "0")
FLOWS = (("income_items", ("fee", "card")), ("cost_items", ("service", "points")))


class RandomSegments:
    """One seed's segment policies over a range of days."""

    def __init__(self, seed: int, days: list[date]) -> None:
        self._chance = random.Random(f"segments {seed}")
        self._days = days

    def lines(self) -> dict[str, list[PolicyLine]]:
        """Rows of the files, and numbers and choices for the files of all families."""
        bands = {"age_band": AGES, "income_band": INCOMES}
        counts = {scheme: self._chance.randint(1, 4) for scheme in bands}
        return {
            "segment_band": [
                line
                for scheme, bounds in bands.items()
                for line in self._bands(scheme, bounds, counts[scheme])
            ],
            "segment_group": list(self._groups(counts["income_band"])),
            "parameter": list(self._numbers()),
            "switch": list(self._choices()),
        }

    def _periods(self) -> Iterator[dict[str, object]]:
        cuts = sorted(self._chance.sample(self._days, self._chance.choice([0, 0, 1, 2])))
        for first, end in pairwise([START, *cuts, None]):
            yield {"valid_from": first, "valid_to": end or ""}

    def _bands(self, scheme: str, bounds: tuple[Any, ...], count: int) -> Iterator[PolicyLine]:
        for period in self._periods():
            drawn = sorted(self._chance.sample(bounds, count - 1), key=Decimal)
            for place, bound in enumerate(["", *drawn]):
                yield period | {
                    "scheme": scheme, "band": f"band_{place}", "band_name": f"Band {place}",
                    "lower_bound": bound,
                }  # fmt: skip

    def _groups(self, bands: int) -> Iterator[PolicyLine]:
        for place in range(bands):
            for is_insured in ("true", "false"):
                for period in self._periods():
                    yield period | {
                        "income_band": f"band_{place}", "is_insured": is_insured,
                        "strategic_group": self._chance.choice(GROUPS),
                    }  # fmt: skip

    def _numbers(self) -> Iterator[PolicyLine]:
        months, small = (1, 2, 3, 6, 12, 40), (1, 2, 3)
        drawn: dict[str, tuple[str, tuple[object, ...]]] = {
            "behaviour_months": ("months", months),
            "frequent_count": ("count", small),
            "lost_months": ("months", months),
            "new_months": ("months", months),
            "value_months": ("months", months),
            "value_amount": ("amount", ("0.01", "10", "20", "55.5")),
            "value_share": ("share", ("0", "0.1", "0.25", "0.5", "1")),
            "loyal_months": ("months", (0, *months)),
            "loyal_classes": ("count", (0, *small)),
            "deposit_heavy": ("share", ("0.6", "0.5", "1")),
            "intermediary_heavy": ("share", ("0.500001", "0.75", "1")),
            "abc_a": ("share", ("0", "0.3", "0.5")),
            "abc_b": ("share", ("0.6", "0.75", "1")),
            "abc_literal_a": ("share", ("0.1", "0.2", "0.5")),
            "abc_literal_b": ("share", ("0", "0.01", "0.05")),
            "survey_months": ("months", months),
            "satisfaction_a": ("points", ("7", "8.5", "10")),
            "satisfaction_b": ("points", ("0", "5", "6.666667")),
            "complaint_count": ("count", small),
            "premium_months": ("months", months),
        }
        for name, (unit, choices) in drawn.items():
            for period in self._periods():
                value = self._chance.choice(choices)
                yield period | {"parameter": f"segment_{name}", "value": value, "unit": unit}

    def _choices(self) -> Iterator[PolicyLine]:
        for name, choices in SWITCHES.items():
            if name.startswith("segment_"):
                for period in self._periods():
                    yield period | {"switch": name, "choice": self._chance.choice(choices)}


class SegmentBank:
    """Customers, prospects and leads with everything that segments are judged by."""

    def __init__(self, seed: int, days: list[date], customers: int, *, poor: bool = False) -> None:
        self.deliverer = Deliverer()
        self._chance = random.Random(f"lives {seed}")
        self._days = days
        # A poor bank delivers neither income nor cost.
        self._flows = () if poor else FLOWS
        for code in ("demand", "time_deposit", "wealth", "bond", "insurance", "loan", "agency"):
            self.deliverer.product(days[0], code.upper(), code)
        for index in range(customers):
            self._customer(f"C{index:02}")
        for index in range(customers // 4):
            self._lead(None if index == 0 else f"L{index:02}")

    def _day(self, first: date) -> date:
        return self._chance.choice([day for day in self._days if day >= first])

    def _later(self, day: date, *delays: int) -> date:
        return min(day + timedelta(self._chance.choice(delays)), self._days[-1])

    def _customer(self, number: str) -> None:
        chance = self._chance
        opened = chance.choice([self._days[0] - timedelta(400), *self._days[:90:7]])
        first = max(opened, self._days[0])
        kind = chance.choice(["retail"] * 5 + ["corporate", "government"])
        details = {
            "customer_type": kind,
            "opened_on": opened,
            "effective_on": first,
            "birth_date": chance.choice(
                ["", "2004-02-29", "1999-03-01", "1983-12-31", "1963-07-11", "2020-01-01"]
            ),
            "region": chance.choice(["north", "south", ""]),
            "area": chance.choice(["urban", "rural", ""]),
            "household_income": chance.choice(["", *INCOMES, "99999.99", "0"]),
        }
        if chance.random() < 0.9:
            loaded_on = self._later(first, 0, 0, 0, 40)
            self.deliverer.customer(number, first, **details, loaded_on=loaded_on)
        if chance.random() < 0.3:
            moved = self._day(first + timedelta(1))
            change = {"effective_on": moved, "loaded_on": moved, "region": "east"}
            self.deliverer.customer(number, first, **(details | change))
        for product in chance.sample(
            ["DEMAND", "TIME_DEPOSIT", "WEALTH", "BOND", "INSURANCE", "LOAN", "AGENCY"],
            chance.choice([0, 1, 1, 2, 3]),
        ):
            self._account(f"{number}-{product}", number, product, self._day(first))
        self._brings(number, first)

    def _account(self, account: str, customer: str, product: str, opened: date) -> None:
        chance, bank = self._chance, self.deliverer
        loaded_on = self._later(opened, 0, 0, 0, 33)
        bank.account(account, customer, opened, product_id=product, loaded_on=loaded_on)
        if chance.random() < 0.3:
            closed = self._day(loaded_on)
            bank.account(
                account, customer, opened, product_id=product, effective_on=closed,
                loaded_on=closed, closed_on=closed, status="closed",
            )  # fmt: skip
        # A service holds no balance.
        for _ in range(chance.randint(0, 3) if product != "AGENCY" else 0):
            day = self._day(opened)
            amount = chance.choice(["100", "100", "70", "30", "-50", "0"])
            bank.balance(account, day, amount, self._later(day, 0, 0, 5, 40))
        for index in range(chance.choice([0, 1, 3, 8])):
            self._booking(account, index, self._day(opened))

    def _booking(self, account: str, index: int, day: date) -> None:
        chance = self._chance
        row = {
            "transaction_id": f"T{account}{index}", "account_id": account, "booked_on": day,
            "amount": chance.choice(AMOUNTS), "kind": chance.choice(["cash", "insurance", "fee"]),
            "channel": chance.choice(["atm", "mobile", "system"]),
        }  # fmt: skip
        loaded_on = self._later(day, 0, 0, 0, 20, 50)
        self.deliverer.deliver("transactions", loaded_on, **row)
        if chance.random() < 0.15:
            other = row | {"amount": "-7.77", "channel": "system"}
            self.deliverer.deliver("transactions", self._later(loaded_on, 1, 35), **other)

    def _brings(self, customer: str, first: date) -> None:
        chance = self._chance
        for table, components in self._flows:
            # A day each: a row's key is the customer, the day and the component.
            for day in {self._day(first) for _ in range(chance.choice([0, 1, 2, 4]))}:
                self.deliverer.deliver(
                    table, self._later(day, 0, 0, 3, 45),
                    customer_id=customer, booked_on=day, component=chance.choice(components),
                    amount=chance.choice(AMOUNTS),
                )  # fmt: skip
        for index in range(chance.choice([0, 0, 1, 2, 5])):
            day = self._day(first)
            self.deliverer.deliver(
                "interactions", self._later(day, 0, 0, 30),
                interaction_id=f"I{customer}{index}", customer_id=customer, happened_on=day,
                kind=chance.choice(["survey", "survey", "complaint", "call"]),
                score=chance.choice(["", 4, 5, 7, 8, 10]),
            )  # fmt: skip

    def _lead(self, customer: str | None) -> None:
        day = self._day(self._days[0])
        self.deliverer.deliver(
            "leads", self._later(day, 0, 0, 30),
            lead_id=f"D{customer}", customer_id=customer or "", created_on=day,
            source_method="guide",
        )  # fmt: skip
