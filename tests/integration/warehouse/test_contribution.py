"""Contribution under any policies: delivered or worked out, by the letter or not."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.integration.warehouse.conftest import read_and_judge
from tests.integration.warehouse.expected import table_differences
from tests.integration.warehouse.policied import (
    ALWAYS,
    SEEDS,
    TIERS,
    PolicyLine,
    judge_under,
    write_policies,
)
from tests.reference.value import CLASSES, COST, REWARDS
from tests.support.home import Home
from tests.support.tiny_bank import FIRST_DAY, LAST_DAY, TinyBank

pytestmark = pytest.mark.slow

SWITCHES = {
    "spread": ("delivered", "balances"),
    "service": ("delivered", "activity"),
    "rewards": ("cost", "seed_literal"),
    "expected_loss": ("off", "on"),
    **{f"{name}_cost": ("variable", "fixed") for name in (*COST, *REWARDS)},
}
TABLES = (
    "contribution_month", "contribution_component", "contribution_total", "clv_history",
    "contribution_whale", "contribution_concentration", "contribution_pareto", "tier_cost_return",
)  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A tiny bank with facts of four months, judged as shipped."""
    home = Home(tmp_path_factory.mktemp("bank"), first_day=FIRST_DAY)
    home.land(TinyBank(34).landing())
    home.run(FIRST_DAY, LAST_DAY)
    return home


def shipped_tiers() -> dict[str, list[PolicyLine]]:
    """Tiers as they are: nothing here depends on them."""
    found: dict[str, list[PolicyLine]] = {}
    for name in TIERS:
        with (SEEDS / f"policy_{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        found[name] = [row | {"valid_from": ALWAYS} for row in rows]
    return found


def drawn(chance: random.Random) -> dict[str, list[PolicyLine]]:
    """Choices that change within the bank's days, numbers, and unit costs of some uses."""
    change = FIRST_DAY + timedelta(days=chance.randrange(20, 100))

    def periods() -> Iterator[dict[str, object]]:
        yield {"valid_from": date(2000, 1, 1), "valid_to": change}
        yield {"valid_from": change, "valid_to": ""}

    switches = [
        period | {"switch": f"contribution_{name}", "choice": chance.choice(choices)}
        for name, choices in SWITCHES.items()
        for period in periods()
    ]
    numbers = {
        "year_days": (chance.choice([360, 365, 366]), "days"),
        "loss_rate": (chance.choice(["0", "0.013", "0.999999"]), "share"),
        "short_months": (chance.choice([1, 2]), "months"),
        "middle_months": (chance.choice([2, 3]), "months"),
        "long_months": (60, "months"),
        "best_share": (chance.choice(["0", "0.2", "0.55", "1"]), "share"),
        "bulk_share": (chance.choice(["0", "0.8", "1"]), "share"),
        "tier_cost_share": (chance.choice(["0", "0.5", "1"]), "share"),
    }
    return {
        "switch": list(switches),
        "parameter": [
            {"parameter": f"contribution_{name}", "value": value, "unit": unit}
            for name, (value, unit) in numbers.items()
        ],
        "unit_cost": [
            {
                "kind": kind,
                "channel": channel,
                "unit_cost": chance.choice(["0.005", "1", "12.3456"]),
            }
            for kind in ("payment", "cash", "login")
            for channel in ("mobile", "net", "counter")
        ],
    }


@pytest.mark.parametrize("seed", range(3))
def test_any_policies(bank: Home, seed: int, tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    write_policies(policies, shipped_tiers() | drawn(random.Random(seed)))
    judge_under(bank, policies, FIRST_DAY, LAST_DAY)
    warehouse, reference = read_and_judge(bank, FIRST_DAY, LAST_DAY, policies)
    for table in TABLES:
        found, expected = table_differences(f"marts.{table}", warehouse, reference)
        assert found == [], table
        assert expected
    rows = warehouse.rows("select * from marts.contribution_month")
    for name in SWITCHES:
        assert {row[f"{name}_choice"] for row in rows} <= set(SWITCHES[name])
    kinds = {
        row[f"{name}_cost_choice"]
        for row in rows
        for name in (*COST, *(REWARDS if row["rewards_choice"] == "cost" else ()))
        if row[name]
    }
    assert any(row["fixed_cost"] for row in rows) == ("fixed" in kinds)
    if any(row["spread_choice"] == "balances" for row in rows):
        assert any(row[f"spread_{name}"] for row in rows for name in CLASSES)
