"""Any valid policies lead to the marts that the reference folds, over a year of months."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.integration.warehouse.expected import MARTS, table_differences
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import judge_under
from tests.integration.warehouse.random_policies import AMOUNTS, RandomPolicies
from tests.integration.warehouse.random_rating import INDUSTRIES, keep_books
from tests.integration.warehouse.random_star import do_things
from tests.integration.warehouse.random_value_matrix import bring_and_cost
from tests.integration.warehouse.reading import Warehouse
from tests.reference.bank import ReferenceBank
from tests.reference.days import add_months
from tests.reference.policies import Policies
from tests.support.home import Home

pytestmark = pytest.mark.slow

FIRST, LAST = date(2023, 6, 1), date(2024, 7, 11)
DAYS = [FIRST + timedelta(days=index) for index in range((LAST - FIRST).days + 1)]
MONTHS = 14
SEEDS = range(6)


def draw_bank(seed: int) -> Deliverer:
    """Customers who move between the bounds, come, leave, return, and are learned of late."""
    chance = random.Random(seed)
    bank = Deliverer()
    for code in ("demand", "time_deposit", "wealth", "loan"):
        bank.product(
            FIRST, code.upper(), code, asset_weight=chance.choice(["1", "0.8", "0.123456"])
        )
    for index in range(40):
        _customer(bank, chance, f"C{index:02}")
    for index in range(40):
        do_things(bank, chance, f"C{index:02}", DAYS)
    # All but those of the last weeks: what nobody has yet is not measured.
    money = random.Random(f"money {seed}")
    for index in range(0, 40, 2):
        bring_and_cost(bank, money, f"C{index:02}", DAYS[60:])
    books = random.Random(f"books {seed}")
    for index in range(40):
        keep_books(bank, books, f"C{index:02}", DAYS)
    return bank


def _customer(bank: Deliverer, chance: random.Random, number: str) -> None:
    opened = add_months(FIRST, chance.choice([0, 0, 0, 1, 4])) + timedelta(chance.randrange(28))
    kind = chance.choice(["retail", "retail", "retail", "corporate"])
    appetite = chance.choice(["", "R1", "R3", "R5"])
    industry = (*INDUSTRIES, "", "unheard_of")[int(number[1:]) % 4] if kind == "corporate" else ""
    bank.customer(number, opened, customer_type=kind, risk_appetite=appetite, industry=industry)
    for product in chance.sample(["DEMAND", "TIME_DEPOSIT", "WEALTH", "LOAN"], 2):
        account = f"{number}-{product}"
        late = chance.choice([0, 0, 0, 9, 40])
        bank.account(
            account, number, opened, product_id=product, loaded_on=opened + timedelta(late)
        )
        for month in range(MONTHS):
            if chance.random() < 0.75:
                day = add_months(FIRST, month) + timedelta(chance.choice([0, 0, 0, 13, 27]))
                late = chance.choice([0, 0, 0, 0, 3, 33, 70])
                if opened <= day and day + timedelta(late) <= LAST:
                    bank.balance(account, day, _amount(chance), day + timedelta(late))
    for day in sorted(chance.sample(DAYS[90:], chance.choice([0, 0, 1, 2]))):
        gone = day if chance.random() < 0.5 else None
        bank.customer(
            number,
            opened,
            customer_type=kind,
            effective_on=day,
            loaded_on=day,
            closed_on=gone,
            risk_appetite=appetite,
            industry=industry,
        )


def _amount(chance: random.Random) -> Decimal:
    cents = chance.choice([0, 0, 0, 1, -1, 12_345])
    factor = chance.choice([1, 1, 1, 3, 8])
    return Decimal(str(chance.choice(AMOUNTS))) * factor + Decimal(cents) / 100


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A bank with facts; each policy judges it again."""
    home = Home(tmp_path_factory.mktemp("policies") / "home", first_day=FIRST)
    home.land(draw_bank(1).files())
    home.run(FIRST, LAST, ("policy", "raw", "staging", "facts"))
    return home


@pytest.mark.parametrize("seed", SEEDS)
def test_any_policies(loaded: Home, seed: int, tmp_path: Path) -> None:
    RandomPolicies(seed, DAYS).write(tmp_path / "policy")
    judge_under(loaded, tmp_path / "policy", FIRST, LAST)
    warehouse = Warehouse(loaded.settings.warehouse_path, loaded.settings.key_salt)
    policies = Policies.read(tmp_path / "policy")
    reference = ReferenceBank(warehouse.deliveries(), policies, FIRST, LAST)
    wrong = {}
    for table in MARTS:
        found, _ = table_differences(table, warehouse, reference)
        if found:
            wrong[table] = found[:5]
    assert wrong == {}
