"""The value matrix keeps order: more of a good measure never brings a lower cell, nor more cost a
higher one, and equal customers stand alike, whatever the policies."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.policy.value_matrix_rows import INDICATORS
from orchestration.settings import REPOSITORY
from tests.integration.warehouse.random_policies import RandomPolicies
from tests.reference.policies import Policies
from tests.reference.value_matrix import Rules, Score, score

DAYS = [date(2024, 1, 1) + timedelta(index) for index in range(60)]
SHIPPED = Policies.read(REPOSITORY / "dbt_project" / "seeds" / "policy")
MEASURES = sorted({name for names in INDICATORS.values() for name in names})
HAIR = Decimal("0.01")


def drawn(chance: random.Random) -> dict[str, Decimal | None]:
    """A customer's measures: nothing, losses, on round bounds, far away, or missing."""
    values = [0, HAIR, 1, 2, 3, 33, 100, 50_000, 10**13, -5]
    return {
        name: Decimal(chance.choice(values)) if chance.random() < 0.8 else None for name in MEASURES
    }


@pytest.mark.parametrize("seed", range(20))
def test_better_measures_lead_to_no_lower_cell(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    RandomPolicies(seed, DAYS).write(tmp_path / "policy")
    policies = Policies.read(tmp_path / "policy")
    for _ in range(100):
        day = chance.choice(DAYS)
        rules, rows = Rules.on(policies, day), policies.on("value_indicator", day)
        measures = drawn(chance)
        before = score(rows, measures, rules)
        for row in rows:
            value = measures[row["measure"]]
            if value is None:
                continue
            step = chance.choice([HAIR, Decimal(1), Decimal(100_000)])
            better = value - step if row["axis"] == "cost" else value + step
            after = score(rows, measures | {row["measure"]: better}, rules)
            assert after.coverage == before.coverage
            assert after.current >= before.current
            assert after.axes["potential"] >= before.axes["potential"]
            assert all(after.high[axis] >= before.high[axis] for axis in before.high)


def cell_of(current: str, potential: str, on_cut: str = "high") -> Score:
    """Who brings so many percent of what is full, under cuts of 50."""
    rows = [
        {"indicator": name, "measure": name, "weight": Decimal(1), "full_at": Decimal(100)}
        for name in ("liability_business", "products")
    ]
    rules = Rules(12, dict.fromkeys(("current", "potential"), Decimal(50)), on_cut, "reweigh")
    measures = {"liability_business": Decimal(current), "products": Decimal(potential)}
    return score(rows, measures, rules)


@pytest.mark.parametrize(
    ("current", "potential", "cell"),
    [
        ("49.99", "49.99", "low_value"), ("50", "49.99", "general"),
        ("49.99", "50", "suboptimal"), ("50", "50", "optimal"), ("1000", "-1", "general"),
    ],
)  # fmt: skip
def test_the_four_corners(current: str, potential: str, cell: str) -> None:
    assert cell_of(current, potential).cell == cell


def test_who_lies_on_the_cut_is_low_where_policy_says_so() -> None:
    assert cell_of("50", "50", "low").cell == "low_value"
    assert cell_of("50.01", "50", "low").cell == "general"


def test_a_unit_spent_weighs_as_much_as_one_brought_as_shipped() -> None:
    rates = {
        row["weight"] / row["full_at"]
        for row in SHIPPED.on("value_indicator", DAYS[0])
        if row["axis"] != "potential"
    }
    assert rates == {Decimal("0.000008")}
    brought = dict.fromkeys(("loan_income", "intermediary_income", "acquisition_cost"), Decimal(0))
    measures = brought | {"deposit_income": Decimal(3_000), "maintenance_cost": Decimal(500)}
    found = score(SHIPPED.on("value_indicator", DAYS[0]), measures, Rules.on(SHIPPED, DAYS[0]))
    assert found.current == Decimal(2), "2,500 a year is the cut"
    assert found.cell == "general"
