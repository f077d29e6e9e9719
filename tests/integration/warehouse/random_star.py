"""Star policies drawn at random, and what customers do that a star is measured by."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from orchestration.policy.star_rows import STAR_MEASURES
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import PolicyLine

START = date(2000, 1, 1)
WHOLE = 10_000
POINTS: Sequence[float | str] = (0, 5, 40, 333, 60_000, "0.01")
# Bounds about which the banks' customers lie.
BOUNDS: dict[str, Sequence[float | str]] = {
    "average_assets": (-100, 0, "0.01", 10_000, 49_999.99, 50_000, 120_000, 350_000, 1_000_000),
    "turnover": (0, "0.01", 100, 2_000, 50_000),
    "transfers": (0, "0.01", 100, 2_000),
    "risk_appetite": (1, "2.5", 3, 4, 5),
    "survey_score": (0, 3, "6.67", 7, 10),
    "complaints": (1, 2, 3),
    "tenure_months": (0, 1, 6, 12, 36),
    "stability": (-1, 0, "0.5", "0.99", 1, "1.01", 3),
    "own_transactions": (0, 1, 2, 5),
    "products_held": (1, 2, 3),
    "classes_held": (1, 2),
    "days_past_due": (1, 30, 90),
    "loans_in_default": (1, 2),
}


class RandomStar:
    """One seed's star policies over a range of days."""

    def __init__(self, chance: random.Random, days: Sequence[date]) -> None:
        self._chance = chance
        self._days = days

    def files(self) -> dict[str, list[PolicyLine]]:
        """The four files; what they say together is valid."""
        dimensions = ["asset_size"]
        dimensions += self._chance.sample([*STAR_MEASURES][1:], self._chance.randint(1, 6))
        named = {name: self._some(STAR_MEASURES[name]) for name in dimensions}
        better = {
            measure: self._chance.choice(["more", "more", "less"])
            for measures in named.values()
            for measure in measures
        }
        return {
            "star_dimension": list(self._weighed("dimension", dimensions, may_be_0=True)),
            "star_measure": [
                {**line, "dimension": dimension, "better": better[str(line["measure"])]}
                for dimension, measures in named.items()
                for line in self._weighed("measure", measures, may_be_0=False)
            ],
            "star_score": [line for name, way in better.items() for line in self._steps(name, way)],
            "star_band": list(self._bands()),
        }

    def parameters(self) -> Iterator[PolicyLine]:
        """Windows, evaluation days, buffer and neutral points."""
        for name, unit, values in (
            ("months", "months", (1, 2, 3, 6, 12)),
            ("care_months", "months", (1, 3, 12)),
            ("evaluation_months", "months", (1, 1, 2, 3, 6, 12)),
            ("buffer_evaluations", "count", (0, 1, 1, 2)),
            ("neutral_points", "points", (0, 37, "123.45")),
        ):
            for period in self._periods():
                value = self._chance.choice(values)
                yield period | {"parameter": f"star_{name}", "value": value, "unit": unit}

    def switches(self) -> Iterator[PolicyLine]:
        """What becomes of missing measures."""
        for period in self._periods():
            choice = self._chance.choice(["reweigh", "reweigh", "zero", "neutral"])
            yield period | {"switch": "star_missing", "choice": choice}

    def _periods(self) -> Iterator[dict[str, object]]:
        cuts = sorted(self._chance.sample(self._days, self._chance.choice([0, 0, 1, 2])))
        for first, end in pairwise([START, *cuts, None]):
            yield {"valid_from": first, "valid_to": end or ""}

    def _some(self, names: Sequence[str]) -> list[str]:
        return self._chance.sample(names, self._chance.randint(1, len(names)))

    def _weighed(self, column: str, names: Sequence[str], may_be_0: bool) -> Iterator[PolicyLine]:
        """Weights that add up to 1 in every period."""
        least = 0 if may_be_0 else 1
        for period in self._periods():
            spare = WHOLE - least * len(names)
            cuts = sorted(self._chance.randint(0, spare) for _ in names[1:])
            for name, (low, high) in zip(names, pairwise([0, *cuts, spare]), strict=True):
                weight = f"{(high - low + least) / WHOLE:.4f}"
                line = period | {column: name, "weight": weight}
                yield line | ({"dimension_name": name} if column == "dimension" else {})

    def _steps(self, measure: str, better: str) -> Iterator[PolicyLine]:
        count = self._chance.randint(0, len(BOUNDS[measure]))
        for period in self._periods():
            bounds = sorted(self._chance.sample(BOUNDS[measure], count), key=float)
            points = sorted(
                self._chance.choices(POINTS, k=count + 1), key=float, reverse=better == "less"
            )
            for step, (bound, brought) in enumerate(zip(["", *bounds], points, strict=True), 1):
                yield period | {
                    "measure": measure, "step": step, "lower_bound": bound, "points": brought,
                }  # fmt: skip

    def _bands(self) -> Iterator[PolicyLine]:
        """Grades may be added, never taken away."""
        grades = self._chance.randint(2, 5)
        for period in self._periods():
            bounds = sorted(self._chance.sample([0, 3, 40, 50, 100, 333, 500, 2_000], grades - 1))
            for rank, bound in enumerate(["", *bounds], start=1):
                yield period | {
                    "grade_rank": rank, "grade_code": f"g{rank}", "grade_name": f"G{rank}",
                    "lower_bound": bound,
                    "lower_inclusive": self._chance.choice(["true", "false"]),
                }  # fmt: skip
            grades = self._chance.randint(grades, 6)


def do_things(bank: Deliverer, chance: random.Random, number: str, days: Sequence[date]) -> None:
    """Bookings, complaints, surveys, leads and loans of one customer, some of them late."""
    account = f"{number}-LIFE"
    opened = chance.choice(days[:200])
    if chance.random() < 0.8:
        bank.account(account, number, opened, product_id="DEMAND")
    for index in range(chance.choice([0, 0, 2, 6])):
        on = chance.choice(days)
        bank.deliver(
            "transactions", _late(chance, on, days), transaction_id=f"T{number}{index}",
            account_id=account, booked_on=on, amount=chance.choice([-2_000, -5, 100, 50_000]),
            kind=chance.choice(["transfer", "payment"]), channel=chance.choice(["net", "system"]),
            rail="own",
        )  # fmt: skip
    for index in range(chance.choice([0, 0, 1, 3])):
        on, kind = chance.choice(days), chance.choice(["complaint", "survey", "call"])
        bank.deliver(
            "interactions", _late(chance, on, days), interaction_id=f"I{number}{index}",
            customer_id=number, happened_on=on, kind=kind,
            score=chance.randint(0, 10) if kind == "survey" else "",
        )  # fmt: skip
    if chance.random() < 0.3:
        who = chance.choice([number, f"X{number}"])
        bank.deliver(
            "leads", opened, lead_id=f"E{number}", customer_id=who, created_on=opened,
            source_method="advertising",
        )  # fmt: skip
    if chance.random() < 0.4:
        _borrow(bank, chance, number, opened, days)


def _borrow(
    bank: Deliverer, chance: random.Random, number: str, opened: date, days: Sequence[date]
) -> None:
    bank.deliver(
        "loans", opened, loan_id=f"L{number}", effective_on=opened, account_id=f"{number}-LIFE",
        customer_id=number, granted_on=opened, amount=1_000, term_months=12, status="running",
    )  # fmt: skip
    for on in sorted(chance.sample([day for day in days if day >= opened], 4)):
        bank.deliver(
            "loan_performance", _late(chance, on, days), loan_id=f"L{number}", month_end=on,
            days_past_due=chance.choice([0, 0, 29, 30, 91]), outstanding=chance.choice([0, 500]),
            in_default=chance.choice(["true", "false", "false"]),
        )  # fmt: skip


def _late(chance: random.Random, on: date, days: Sequence[date]) -> date:
    return min(on + timedelta(chance.choice([0, 0, 0, 5, 40])), days[-1])
