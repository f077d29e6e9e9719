"""The lifecycle against its slow reference, under random policies and on lives with every turn.

The reference starts from the facts as built: those are compared with theirs elsewhere.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.warehouse.expected import table_differences
from tests.integration.warehouse.expected_lifecycle import LIFECYCLE
from tests.integration.warehouse.policied import judge_under, write_policies
from tests.integration.warehouse.random_lifecycle import draw_lives, lifecycle_lines
from tests.integration.warehouse.random_policies import RandomPolicies
from tests.integration.warehouse.reading import Warehouse
from tests.reference.bank import ReferenceBank
from tests.reference.lifecycle import Terms
from tests.reference.policies import Policies, PolicyRow
from tests.support.home import Home

pytestmark = pytest.mark.slow

FIRST, LAST = date(2023, 6, 1), date(2024, 7, 11)
DAYS = [FIRST + timedelta(days=index) for index in range((LAST - FIRST).days + 1)]
SEEDS = range(4)


def wrong(home: Home, policies: Path) -> dict[str, list[str]]:
    """What differs from the reference, by table; it starts from the facts as they were built."""
    warehouse = Warehouse(home.settings.warehouse_path, home.settings.key_salt)
    reference = ReferenceBank(warehouse.deliveries(), Policies.read(policies), FIRST, LAST)
    facts: dict[date, dict[str, Any]] = {period.month: {} for period in reference.periods}
    for row in warehouse.rows("select * from facts.fct_customer_month where customer_key <> 0"):
        facts[row["month"]][row["customer_key"]] = row
    vars(reference)["facts"] = facts
    vars(reference)["trails"] = warehouse.table("facts.fct_customer_trail", "customer_key", "month")
    found = {table: table_differences(table, warehouse, reference)[0] for table in LIFECYCLE}
    return {table: told[:5] for table, told in found.items() if told}


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A bank with facts; each policy judges it again."""
    home = Home(tmp_path_factory.mktemp("lives") / "home", first_day=FIRST)
    home.land(draw_lives(3, FIRST, LAST, 120).files())
    home.run(FIRST, LAST, ("policy", "raw", "staging", "facts"))
    return home


@pytest.fixture(params=SEEDS)
def policies(request: pytest.FixtureRequest, lives: Home, tmp_path: Path) -> Path:
    """The lives judged under one seed's policies."""
    folder, seed = tmp_path / "policy", request.param
    lines = lifecycle_lines(random.Random(seed), DAYS)
    write_policies(folder, RandomPolicies(seed, DAYS).lines() | lines)
    judge_under(lives, folder, FIRST, LAST)
    return folder


def test_any_policies(lives: Home, policies: Path, request: pytest.FixtureRequest) -> None:
    assert wrong(lives, policies) == {}
    warehouse = Warehouse(lives.settings.warehouse_path, lives.settings.key_salt)
    verdicts = warehouse.table("marts.lifecycle_month", "customer_key", "month")
    told = explained(warehouse)
    in_force = Policies.read(policies)
    assert told.keys() == verdicts.keys()
    for place, row in verdicts.items():
        assert stage_of(told[place], row) == row["stage"], (place, told[place])
        causes = Terms(in_force, row["judged_on"]).causes
        assert cause_of(told[place], row["stage"], causes) == row["decline_cause"], told[place]
    if request.node.callspec.params["policies"] == SEEDS[0]:
        for column, least in (("stage", 6), ("sub_state", 5), ("decline_cause", 5)):
            assert len({row[column] for row in verdicts.values()}) >= least, column
        assert any(row["is_reactivated"] for row in verdicts.values())


EXPLAINED = "select * from marts.verdict_explanation where family in ('stage', 'decline_cause')"
Told = dict[str, tuple[Any, Any]]


def explained(warehouse: Warehouse) -> dict[tuple[str, date], Told]:
    """Per customer and month the measures that took part, each with value and bound."""
    found: dict[tuple[str, date], Told] = defaultdict(dict)
    for row in warehouse.rows(EXPLAINED):
        measure = found[row["customer_key"], row["month"]]
        assert row["measure"] not in measure
        measure[row["measure"]] = (row["value"], row["bound"])
        assert row["value"] is None or row["distance"] == row["value"] - row["bound"]
        assert (row["reason"] or "").endswith(".")
    return found


def stage_of(told: Told, row: dict[str, Any]) -> str:
    """The stage that follows from an explanation's rows, whatever the verdict says."""

    def reaches(measure: str, without: bool = False) -> bool:
        value, bound = told[measure]
        return without if value is None else bool(value >= bound)

    if not reaches("account_ever"):
        return "prospect"
    if reaches("months_silent") and told["unsettled"][0] == 0:
        return "terminated"
    if told.get("months_since_return", (None,))[0] == 0:
        return "developing"
    if not reaches("accounts_open") or "days_of_notice" in told or reaches("months_fallen"):
        return "declining"
    profit, _ = told["profit"]
    earns = row["profit_missing_choice"] == "ignore" if profit is None else profit > 0
    if not (reaches("own_transactions") and earns):
        return "developing"
    has_wallet = reaches("wallet_share", without=row["wallet_missing_choice"] == "ignore")
    return "mature" if reaches("months_stable") and has_wallet else "growing"


def cause_of(told: Told, stage: str, ranked: Sequence[PolicyRow]) -> str:
    """The cause that follows from an explanation's rows; `ranked` holds all, the first first."""
    if stage != "declining":
        return "none"

    def reaches(*measures: str) -> list[bool]:
        pairs = [told[measure] for measure in measures]
        return [value is not None and value >= bound for value, bound in pairs]

    profit, _ = told["income_less_cost"]
    evidence = {
        "sudden_outflow": all(reaches("decline_assets", "largest_outflow")),
        "bank_side": any(reaches("complaints", "fee_share", "unmet_interests")),
        "competitor": any(reaches("competitor_outflow", "matured_deposits")),
        "own_circumstances": any(reaches("ended_incomes", "days_past_due", "loans_in_default")),
        "negative_value": profit is not None and profit < 0 and told["debt"][0] == 0,
        "unknown": True,
    }
    return next(str(row["cause"]) for row in ranked if evidence[row["cause"]])
