"""Policies of the corporate rating drawn at random, and companies with statements and sheets."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from orchestration.policy.parameters import LEVELS, SWITCHES
from orchestration.policy.rating_rows import BLOCKS, GRADES, ITEMS, KNOCKOUTS, RATIOS
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import PolicyLine

START = date(2000, 1, 1)
INDUSTRIES = ("wholesale", "mining")
BENCHMARKS = ("general", "special")
STATEMENT = (
    "total_assets", "current_assets", "inventory", "receivables", "total_liabilities",
    "current_liabilities", "interest_bearing_debt", "equity", "sales", "cost_of_sales",
    "total_cost", "ebit", "interest_expense", "net_profit", "operating_cash_inflow",
    "net_operating_cash_flow",
)  # fmt: skip
# Round ones, so that some ratios meet levels exactly; losses, nothing, and cents.
AMOUNTS = (0, 100, 200, 250, 400, 500, 1000, 1000, "333.33", "0.01", -100, "9999999999999.99")
NUMBERS: Mapping[str, tuple[str, Sequence[object]]] = {
    "statement_months": ("months", (6, 40, 60)),
    "assessment_months": ("months", (4, 15, 40)),
    "validity_months": ("months", (6, 12, 40)),
    "most_missing_share": ("share", ("0.2", "0.7", "1")),
    "past_due_days": ("days", (1, 90)),
    "override_up": ("notches", (0, 1, 11)),
    "override_down": ("notches", (0, 2, 11)),
    "decision_months": ("months", (1, 4, 12)),
    "outlook_months": ("months", (1, 2, 12)),
    "outlook_points": ("points", (0, "0.5", 4)),
}


class RandomRating:
    """One seed's policies of the corporate rating over a range of days."""

    def __init__(self, chance: random.Random, days: Sequence[date]) -> None:
        self._chance = chance
        self._days = days

    def files(self) -> dict[str, list[PolicyLine]]:
        """All files; sets come to their blocks, and blocks to 100."""
        ways = {name: self._chance.choice(["more", "less"]) for name in RATIOS}
        blocks = {
            part: dict(zip(names, self._parts(100, len(names)), strict=True))
            for part, names in BLOCKS.items()
        }
        return {
            "rating_block": [
                {"part": part, "block": name, "block_name": name, "corrected": points,
                 "declared": self._chance.choice([points, 10, "3.5"])}
                for part, names in blocks.items() for name, points in names.items()
            ],
            "rating_indicator": list(self._indicators(blocks["quantitative"], ways)),
            "rating_benchmark": [
                {"benchmark": code, "indicator": name} | self._levels(way)
                for code in BENCHMARKS for name, way in ways.items()
            ],
            "rating_industry": [
                {"industry": name, "industry_name": name,
                 "benchmark": self._chance.choice(BENCHMARKS),
                 "trade": self._chance.choice(["producer", "trading", "as_assessed"])}
                for name in (*INDUSTRIES, "other")
            ],
            "rating_item": list(self._items()),
            "rating_grade": list(self._grades()),
            "rating_master_scale": [
                {"grade": grade, "default_probability": f"0.{99 - place * 8:02}{place:04}"}
                for place, grade in enumerate(GRADES)
            ],
            "rating_knockout": [
                {"condition": name, "condition_name": name,
                 "best_grade": self._chance.choice(GRADES)}
                for name in self._chance.sample(KNOCKOUTS, self._chance.randint(0, 5))
            ],
        }  # fmt: skip

    def parameters(self) -> Iterator[PolicyLine]:
        """Limits, which change; weights and coefficients, which fit together."""
        quantitative = self._chance.choice([0, 50, 75, 100])
        yield self._share("quantitative_weight", quantitative)
        yield self._share("qualitative_weight", 100 - quantitative)
        coefficients = sorted(self._chance.sample(range(101), len(LEVELS)), reverse=True)
        for level, value in zip(LEVELS, coefficients, strict=True):
            yield self._share(f"{level}_coefficient", value)
        for name, (unit, values) in NUMBERS.items():
            for period in self._periods():
                value = self._chance.choice(values)
                yield period | {"parameter": f"rating_{name}", "value": value, "unit": unit}

    def switches(self) -> Iterator[PolicyLine]:
        """Every choice, changing."""
        for name, choices in SWITCHES.items():
            if name.startswith("rating_"):
                for period in self._periods():
                    yield period | {"switch": name, "choice": self._chance.choice(choices)}

    def _share(self, name: str, hundredths: int) -> PolicyLine:
        return {
            "parameter": f"rating_{name}", "value": f"{hundredths / 100:.2f}", "unit": "share",
        }  # fmt: skip

    def _periods(self) -> Iterator[dict[str, object]]:
        cuts = sorted(self._chance.sample(self._days, self._chance.choice([0, 0, 1, 2])))
        for first, end in pairwise([START, *cuts, None]):
            yield {"valid_from": first, "valid_to": end or ""}

    def _parts(self, total: int, count: int) -> list[int]:
        cuts = sorted(self._chance.sample(range(1, total), count - 1))
        return [high - low for low, high in pairwise([0, *cuts, total])]

    def _indicators(
        self, blocks: Mapping[str, int], ways: Mapping[str, str]
    ) -> Iterator[PolicyLine]:
        names = self._chance.sample(RATIOS, len(RATIOS))
        for block, points in blocks.items():
            for of in ("base", "alternative"):
                count = min(self._chance.choice([1, 2, 2]), points)
                for weight in self._parts(points, count):
                    name = names.pop()
                    yield {
                        "indicator": name, "indicator_name": name, "block": block,
                        "indicator_set": of, "weight": weight, "better": ways[name],
                    }  # fmt: skip

    def _levels(self, way: str) -> dict[str, object]:
        grid = [-1, "-0.1", 0, "0.1", "0.2", "0.25", "0.333333", "0.5", "0.8", 1, 2, "2.5", 4, 10]
        places = sorted(self._chance.sample(range(len(grid)), len(LEVELS)), reverse=way == "more")
        return {level: grid[place] for level, place in zip(LEVELS, places, strict=True)}

    def _items(self) -> Iterator[PolicyLine]:
        """Every block has items for all; one has some for each trade."""
        names = self._chance.sample(ITEMS, len(ITEMS))
        trades = [(names.pop(), trade) for trade in ("producer", "trading")]
        split = self._chance.choice(BLOCKS["qualitative"])
        for name, trade in trades:
            yield {"item": name, "item_name": name, "block": split, "points": 3, "trade": trade}
        for place, name in enumerate(names[: self._chance.randint(5, 20)]):
            yield {
                "item": name, "item_name": name, "block": BLOCKS["qualitative"][place % 5],
                "points": self._chance.choice([1, "2.5", 7]), "trade": "all",
            }  # fmt: skip

    def _grades(self) -> Iterator[PolicyLine]:
        bounds = [None, *sorted(self._chance.sample(range(1, 100), len(GRADES) - 1))]
        for place, (grade, bound) in enumerate(zip(GRADES, bounds, strict=True), start=1):
            row = {"grade_rank": place, "grade": grade, "grade_name": grade}
            row["lower_bound"] = "" if bound is None else bound
            yield row | {"applies": "split" if grade.startswith("BBB") else "always"}
            if grade == "BBB":
                yield row | {"applies": "unsplit", "lower_bound": bounds[GRADES.index("BBB-")]}


def keep_books(bank: Deliverer, chance: random.Random, number: str, days: Sequence[date]) -> None:
    """Statements, sheets and decisions of one company, with gaps and corrections, some late."""
    years = chance.sample(range(2018, 2024), chance.choice([0, 2, 4, 5, 6, 6]))
    holes = chance.sample(STATEMENT, chance.choice([0, 0, 0, 0, 1, 3]))
    for year in sorted(years):
        for _ in range(chance.choice([1, 1, 2])):
            row = {item: chance.choice(AMOUNTS) for item in STATEMENT if item not in holes}
            year_end = date(year, 12, 31) if chance.random() < 0.9 else date(year, 12, 30)
            bank.deliver(
                "financial_statements", _on(chance, days, year_end), customer_id=number,
                year_end=year_end, audited=chance.choice(["true", "false"]), **row,
            )  # fmt: skip
    for item in chance.sample(ITEMS, chance.choice([0, 25, *[len(ITEMS)] * 4])):
        for day in sorted(chance.sample(days, chance.choice([1, 1, 2]))):
            assessed = day - timedelta(chance.choice([0, 0, 0, 100, 500]))
            bank.deliver(
                "qualitative_assessments", _on(chance, days, day), customer_id=number, item=item,
                assessed_on=assessed, assessor="RC1",
                points=chance.choice([0, 1, 2, "2.5", "0.33333", 10]),
            )  # fmt: skip
    for day in sorted(chance.sample(days, chance.choice([0, 1, 1, 3]))):
        kind = chance.choice(["override"] * 4 + ["outlook", "withdrawal"])
        ends = day + timedelta(chance.choice([0, 40, 90]))
        bank.deliver(
            "rating_decisions", _on(chance, days, day), customer_id=number, decided_on=day,
            kind=kind, grade=chance.choice(GRADES) if kind == "override" else "",
            outlook=chance.choice(["positive", "negative"]) if kind == "outlook" else "",
            reason="known to the approver", approver="CO1",
            expires_on=chance.choice(["", ends]),
        )  # fmt: skip


def _on(chance: random.Random, days: Sequence[date], day: date) -> date:
    """Delivered on its day or, if that was before the bank began, some day; perhaps late."""
    first = max(day, chance.choice(days[:60]))
    return min(first + timedelta(chance.choice([0, 0, 5, 40])), days[-1])
