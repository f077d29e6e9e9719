"""Stars keep order: more of a good measure never brings fewer points, whatever the score tables."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.settings import REPOSITORY
from tests.integration.warehouse.random_policies import RandomPolicies
from tests.integration.warehouse.random_star import BOUNDS
from tests.reference.policies import Policies
from tests.reference.star import Held, Rules, judge, rank_of, score

DAYS = [date(2024, 1, 1) + timedelta(index) for index in range(60)]
SHIPPED = Policies.read(REPOSITORY / "dbt_project" / "seeds" / "policy")
HAIR = Decimal("0.01")


def drawn(chance: random.Random) -> dict[str, Decimal | None]:
    """A customer's measures: on the bounds, a hair beside them, far away, or missing."""
    found: dict[str, Decimal | None] = {}
    for name, bounds in BOUNDS.items():
        near = Decimal(str(chance.choice(bounds))) + chance.choice([-HAIR, 0, HAIR, 1000])
        found[name] = near if chance.random() < 0.8 else None
    return found


@pytest.mark.parametrize("seed", range(20))
def test_better_measures_bring_no_fewer_points(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    RandomPolicies(seed, DAYS).write(tmp_path / "policy")
    policies = Policies.read(tmp_path / "policy")
    for _ in range(100):
        day = chance.choice(DAYS)
        rules = Rules.on(policies, day)
        measures = drawn(chance)
        before = score(policies, measures, rules, day)
        for row in policies.on("star_measure", day):
            value = measures[row["measure"]]
            if value is None:
                continue
            step = chance.choice([HAIR, Decimal(1), Decimal(100_000)])
            better = value + step if row["better"] == "more" else value - step
            after = score(policies, measures | {row["measure"]: better}, rules, day)
            assert after.total >= before.total
            assert rank_of(policies, after, day) >= rank_of(policies, before, day)
            assert after.coverage == before.coverage


def test_risk_appetite_moves_no_star_as_shipped() -> None:
    measures = {"average_assets": Decimal(300_000), "risk_appetite": Decimal(1)}
    cautious = score(SHIPPED, measures, Rules(), DAYS[0])
    daring = score(SHIPPED, measures | {"risk_appetite": Decimal(5)}, Rules(), DAYS[0])
    assert cautious.total == daring.total > 0
    assert cautious.coverage == Decimal("0.45")


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        ("0", "unrated"), ("0.01", "quasi"), ("49.99", "quasi"), ("50", "three"),
        ("499.99", "three"), ("500", "four"), ("1999.99", "four"), ("2000", "five"),
        ("9999.99", "five"), ("10000", "six"), ("79999.99", "six"), ("80000", "seven"),
    ],
)  # fmt: skip
def test_grades_have_sharp_edges_as_shipped(points: str, grade: str) -> None:
    found = score(SHIPPED, {"average_assets": Decimal(1)}, Rules(), DAYS[0])
    rank = rank_of(SHIPPED, found.__class__(**vars(found) | {"total": Decimal(points)}), DAYS[0])
    [row] = SHIPPED.on("star_band", DAYS[0], grade_rank=rank)
    assert row["grade_code"] == grade


def test_up_at_once_and_down_when_the_buffer_is_used_up() -> None:
    """Evaluations at 3, 2, 2, 3, 2, 4 with one forgiven, and a month between each of them."""
    held, told = Held(3, "evaluated"), []
    for rank in (3, 2, 2, 3, 2, 4):
        between, _ = judge(held, rank, measured=True, evaluated=False, buffer=1)
        assert between == held
        held, below = judge(held, rank, measured=True, evaluated=True, buffer=1)
        told.append((held.rank, below, held.below))
    assert told == [(3, 0, 0), (3, 1, 1), (2, 2, 0), (3, 0, 0), (3, 1, 1), (4, 0, 0)]


def test_a_first_grade_is_settled_by_the_first_evaluation() -> None:
    held, _ = judge(None, 1, measured=False, evaluated=True, buffer=1)
    assert held == Held(1, "not_rated")
    held, _ = judge(held, 5, measured=True, evaluated=False, buffer=1)
    assert held == Held(5, "provisional")
    held, below = judge(held, 3, measured=True, evaluated=True, buffer=1)
    assert (held, below) == (Held(3, "evaluated"), 0)
