"""The lifecycle against its slow reference, under random policies and on lives with every turn.

The reference starts from the facts as built: those are compared with theirs elsewhere.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.warehouse.conftest import Compared
from tests.integration.warehouse.policied import judge_under, write_policies
from tests.integration.warehouse.random_lifecycle import draw_lives, lifecycle_lines
from tests.integration.warehouse.random_policies import RandomPolicies
from tests.integration.warehouse.reading import Warehouse, differences
from tests.reference import lifecycle
from tests.reference.days import Period
from tests.reference.months import NOBODY
from tests.reference.policies import Policies
from tests.support.home import Home

pytestmark = pytest.mark.slow

FIRST, LAST = date(2023, 6, 1), date(2024, 7, 11)
DAYS = [FIRST + timedelta(days=index) for index in range((LAST - FIRST).days + 1)]
SEEDS = range(6)


def judged_slowly(warehouse: Warehouse, policies: Policies) -> dict[str, Any]:
    """Per table of the lifecycle what the reference makes of the facts."""
    facts: dict[date, dict[str, Any]] = defaultdict(dict)
    for row in warehouse.rows("select * from facts.fct_customer_month"):
        if row["customer_key"] != NOBODY:
            facts[row["month"]][row["customer_key"]] = row
    trail = warehouse.table("facts.fct_customer_trail", "customer_key", "month")
    calendar = warehouse.rows("select distinct month, judged_on from facts.fct_customer_trail")
    periods = sorted((Period(**row) for row in calendar), key=lambda period: period.month)
    verdicts = lifecycle.judge(policies, periods, facts, trail)
    return {
        "marts.lifecycle_month": verdicts,
        "marts.lifecycle_flow": lifecycle.flow(verdicts, periods),
        "marts.lifecycle_dwell": lifecycle.dwell(verdicts, periods),
        "marts.lifecycle_stage_month": lifecycle.stage_months(policies, verdicts, periods),
    }


KEYS = {
    "marts.lifecycle_month": ("customer_key", "month"),
    "marts.lifecycle_flow": ("month", "from_stage", "to_stage"),
    "marts.lifecycle_dwell": ("month", "stage"),
    "marts.lifecycle_stage_month": ("month", "stage"),
}


def wrong(warehouse: Warehouse, expected: dict[str, Any]) -> dict[str, list[str]]:
    """What differs, by table."""
    found = {
        name: differences(warehouse.table(name, *key), expected[name]) for name, key in KEYS.items()
    }
    return {name: told for name, told in found.items() if told}


def test_compared_banks(compared: Compared) -> None:
    policies = Policies.read(compared.home.bank.dbt.policy_dir())
    assert wrong(compared.warehouse, judged_slowly(compared.warehouse, policies)) == {}


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A bank with facts; each policy judges it again."""
    home = Home(tmp_path_factory.mktemp("lives") / "home", first_day=FIRST)
    home.land(draw_lives(3, FIRST, LAST, 120).files())
    home.run(FIRST, LAST, ("policy", "raw", "staging", "facts"))
    return home


@pytest.mark.parametrize("seed", SEEDS)
def test_any_policies(lives: Home, seed: int, tmp_path: Path) -> None:
    lines = lifecycle_lines(random.Random(seed), DAYS)
    write_policies(tmp_path / "policy", RandomPolicies(seed, DAYS).lines() | lines)
    judge_under(lives, tmp_path / "policy", FIRST, LAST)
    warehouse = Warehouse(lives.settings.warehouse_path, lives.settings.key_salt)
    expected = judged_slowly(warehouse, Policies.read(tmp_path / "policy"))
    assert wrong(warehouse, expected) == {}


def test_the_lives_are_worth_judging(lives: Home, tmp_path: Path) -> None:
    """Under the first policy every stage, turn and cause is met."""
    lines = lifecycle_lines(random.Random(0), DAYS)
    write_policies(tmp_path / "policy", RandomPolicies(0, DAYS).lines() | lines)
    judge_under(lives, tmp_path / "policy", FIRST, LAST)
    warehouse = Warehouse(lives.settings.warehouse_path, lives.settings.key_salt)
    rows = warehouse.rows("select * from marts.lifecycle_month")
    for column, least in (("stage", 6), ("sub_state", 5), ("decline_cause", 5)):
        assert len(Counter(row[column] for row in rows)) >= least, column
    assert any(row["is_reactivated"] for row in rows)
