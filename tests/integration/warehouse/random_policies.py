"""Policy files drawn at random: bounds, weights, grace, timing, and dates on which they change."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from tests.integration.warehouse.policied import PolicyLine, write_policies
from tests.integration.warehouse.random_rating import RandomRating
from tests.integration.warehouse.random_star import RandomStar
from tests.integration.warehouse.random_value_matrix import RandomValueMatrix

START, END = date(2000, 1, 1), None
CLASSES = ("demand", "time_deposit", "wealth", "loan")
AMOUNTS = (-500, 0, 10_000, 50_000, 49_999.99, 120_000, 200_000, 200_000.01, 350_000, 1_000_000)


class RandomPolicies:
    """One seed's policies over a range of days."""

    def __init__(self, seed: int, days: list[date]) -> None:
        self._seed = seed
        self._chance = random.Random(seed)
        self._days = days

    def write(self, folder: Path) -> None:
        """Draws all files."""
        write_policies(folder, self.lines())

    def lines(self) -> dict[str, list[PolicyLine]]:
        """Rows of the files of tiers, stars, the value matrix and ratings, with references."""
        star = RandomStar(random.Random(f"star {self._seed}"), self._days)
        value = RandomValueMatrix(random.Random(f"value {self._seed}"), self._days)
        rating = RandomRating(random.Random(f"rating {self._seed}"), self._days)
        schemes = [f"scheme_{index}" for index in range(self._chance.randint(1, 3))]
        return {
            "measure": list(self._measures()),
            "parameter": [
                *self._parameters(),
                *star.parameters(),
                *value.parameters(),
                *rating.parameters(),
            ],
            "switch": [*star.switches(), *value.switches(), *rating.switches()],
            **star.files(),
            **value.files(),
            **rating.files(),
            "tier_grace": list(self._graces()),
            "tier_scheme": [line for code in schemes for line in self._scheme(code)],
            "tier_bound": [line for code in schemes for line in self._bounds(code)],
            "tier_band": [line for code in schemes for line in self._bands(code)],
            "tier_watch": [line for code in schemes for line in self._watches(code)],
        }

    def _periods(self) -> Iterator[dict[str, object]]:
        """One to three periods that follow each other."""
        count = self._chance.choice([0, 0, 1, 2])
        cuts = [START, *sorted(self._chance.sample(self._days, count)), END]
        for first, end in pairwise(cuts):
            yield {"valid_from": first, "valid_to": end or ""}

    def _measures(self) -> Iterator[PolicyLine]:
        for code in ("measure_a", "measure_b"):
            basis = self._chance.choice(["average", "average", "closing"])
            if self._chance.random() < 0.2:
                yield {
                    "measure_code": code, "basis": basis, "component": "weighted", "weight": 1,
                }  # fmt: skip
                continue
            for component in ("demand", *self._chance.sample(CLASSES[1:], 2)):
                for period in self._periods():
                    weight = self._chance.choice(["1", "0.5", "0.3333", "1.25"])
                    yield period | {
                        "measure_code": code, "basis": basis, "component": component,
                        "weight": weight,
                    }  # fmt: skip

    def _parameters(self) -> Iterator[PolicyLine]:
        value = self._chance.choice([0, 1, 2, 5, 13])
        yield {"parameter": "restatement_months", "value": value, "unit": "months"}

    def _graces(self) -> Iterator[PolicyLine]:
        for index in range(4):
            for period in self._periods():
                months = self._chance.choice([1, 2, 3, 3, 6])
                yield period | {
                    "grace_code": f"grace_{index}",
                    "grace_months": months,
                    "silent_months": self._chance.randrange(months),
                    "demote_to": self._chance.choice(["latest", "best"]),
                }

    def _scheme(self, code: str) -> Iterator[PolicyLine]:
        for period in self._periods():
            yield period | {
                "scheme_code": code,
                "scheme_name": code,
                "measure_code": self._chance.choice(["measure_a", "measure_b"]),
                "customer_type": self._chance.choice(["retail", "retail", "all", "corporate"]),
                "upgrade_takes_effect": self._chance.choice(["judgement", "next_month"]),
            }

    def _bounds(self, code: str) -> Iterator[PolicyLine]:
        """Tiers may be added, never taken away."""
        tiers = self._chance.randint(2, 4)
        for period in self._periods():
            bounds = sorted(self._chance.sample(AMOUNTS, tiers - 1))
            for rank, bound in enumerate([None, *bounds], start=1):
                yield period | {
                    "scheme_code": code,
                    "tier_rank": rank,
                    "tier_code": f"t{rank}",
                    "tier_name": f"T{rank}",
                    "lower_bound": "" if bound is None else bound,
                    "grace_code": f"grace_{self._chance.randrange(4)}",
                }
            tiers = self._chance.randint(tiers, 5)

    def _bands(self, code: str) -> Iterator[PolicyLine]:
        bands = self._chance.sample(AMOUNTS, self._chance.randint(0, 4))
        for index, bound in enumerate(bands):
            yield {
                "scheme_code": code,
                "band_code": f"band_{index}",
                "band_name": f"Band {index}",
                "lower_bound": bound,
                "lower_inclusive": self._chance.choice(["true", "false"]),
            }

    def _watches(self, code: str) -> Iterator[PolicyLine]:
        for name in ("borderline", "at_risk"):
            amount = self._chance.choice([None, "10000", "70000.01"])
            share = "0.2" if amount is None else ""
            yield {
                "scheme_code": code, "tier_rank": 2, "list_code": name,
                "within_amount": amount or "", "within_share": share,
            }  # fmt: skip
