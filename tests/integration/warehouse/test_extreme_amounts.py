"""The largest amounts that landing accepts, many of them, and products with all their decimals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.landing.contract import MONEY_LIMIT, load_contract
from tests.integration.warehouse.conftest import read_and_judge
from tests.integration.warehouse.expected import FACTS, MARTS, table_differences
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import judge_under, write_policies
from tests.integration.warehouse.reading import Warehouse
from tests.reference.bank import ReferenceBank
from tests.support.home import Home

pytestmark = pytest.mark.slow

FIRST, LAST = date(2024, 1, 1), date(2024, 4, 10)
# In cents, more than 18 digits hold.
MANY = 2500
BEYOND = 10**16
Bank = tuple[Warehouse, ReferenceBank]


def _bank() -> Deliverer:
    bank = Deliverer()
    bank.product(FIRST)
    bank.product(FIRST, "HEAVY", "wealth", asset_weight="0.999999")
    # Weighed, this is 5000.00499999: a hair below half a cent, and exactly that at six decimals.
    bank.customer("hair", FIRST)
    bank.account("A-hair", "hair", FIRST, product_id="HEAVY")
    bank.balance("A-hair", FIRST, "5000.01")
    bank.steady("large", FIRST, [MONEY_LIMIT])
    for day in range(1, 30):
        swing = MONEY_LIMIT if day % 2 else -MONEY_LIMIT
        on = FIRST + timedelta(day)
        # Every third one comes late, behind newer ones.
        bank.balance("A-large", on, swing, on + timedelta(12 if day % 3 else 0))
    for index in range(MANY):
        on = FIRST + timedelta(index % 31)
        known = on + timedelta(index % 2 * 9)
        bank.deliver(
            "transactions", known, transaction_id=f"T{index}", account_id="A-large", booked_on=on,
            amount=MONEY_LIMIT * (-1 if index % 50 else 1), kind="transfer", channel="net",
            rail="own",
        )  # fmt: skip
    # Companies whose ratios are the widest there are: all their items huge beside one that is tiny.
    items = [
        name
        for name, column in load_contract().tables["financial_statements"].columns.items()
        if column.type == "money"
    ]
    for item in items:
        bank.customer(f"C-{item}", FIRST, customer_type="corporate")
        for year in (2020, 2021, 2022, 2023):
            books = {name: -MONEY_LIMIT if year == 2022 else MONEY_LIMIT for name in items}
            bank.deliver(
                "financial_statements", FIRST, customer_id=f"C-{item}", audited="true",
                year_end=date(year, 12, 31), **books | {item: "0.01"},
            )  # fmt: skip
    # A February in which the items of most of a year before are learned.
    for days in range(10, 300):
        for component in ("spread_deposit", "spread_loan", "fee", "agency"):
            bank.deliver(
                "income_items", date(2024, 2, 3), customer_id="large", component=component,
                booked_on=date(2024, 1, 31) - timedelta(days), amount=MONEY_LIMIT,
            )  # fmt: skip
    return bank


def _write_policies(folder: Path) -> None:
    write_policies(
        folder,
        {
            "measure": [
                {"measure_code": code, "basis": code, "component": "weighted", "weight": 1}
                for code in ("average", "closing")
            ],
            "parameter": [
                {"parameter": name, "value": value, "unit": unit}
                for name, value, unit in (
                    ("restatement_months", 13, "months"),
                    ("forward_test_months", 1, "months"),
                    ("forward_least_months", 1, "count"),
                    ("forward_drift_share", 2, "share"),
                )
            ],
            "tier_grace": [
                {"grace_code": "none", "grace_months": 1, "silent_months": 0, "demote_to": "latest"}
            ],
            "tier_scheme": [
                {
                    "scheme_code": code,
                    "scheme_name": code,
                    "measure_code": code,
                    "customer_type": "retail",
                    "upgrade_takes_effect": "judgement",
                }
                for code in ("average", "closing")
            ],
            "tier_bound": [
                {
                    "scheme_code": code,
                    "tier_rank": rank,
                    "tier_code": tier,
                    "tier_name": tier,
                    "lower_bound": bound,
                    "grace_code": "none",
                }
                for code in ("average", "closing")
                for rank, tier, bound in ((1, "below", None), (2, "above", "5000.01"))
            ],
        },
    )


@pytest.fixture(scope="module")
def extreme(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """The bank, judged by weighted balances."""
    folder = tmp_path_factory.mktemp("extreme")
    _write_policies(folder / "policy")
    home = Home(folder / "home", first_day=FIRST)
    home.land(_bank().files())
    home.run(FIRST, LAST, ("policy", "raw", "staging", "facts"))
    judge_under(home, folder / "policy", FIRST, LAST)
    home.run(FIRST, LAST, ("fits", "forward"))
    return read_and_judge(home, FIRST, LAST, folder / "policy")


@pytest.mark.parametrize("table", [*FACTS, *MARTS])
def test_every_row(extreme: Bank, table: str) -> None:
    assert table_differences(table, *extreme)[0] == []


def test_amounts_are_rounded_once(extreme: Bank) -> None:
    verdicts = extreme[0].table("marts.tier_month", "scheme_code", "customer_key", "month")
    for scheme in ("average", "closing"):
        hair = verdicts[scheme, "hair", FIRST]
        assert (hair["measure_amount"], hair["tier"]) == (Decimal("5000.00"), "below")


def test_sums_are_beyond_single_amounts(extreme: Bank) -> None:
    facts = extreme[0].table("facts.fct_customer_month", "customer_key", "month")
    assert facts["large", FIRST]["outflow"] > BEYOND
    assert facts["large", date(2024, 2, 1)]["late_income"] == 290 * 4 * MONEY_LIMIT > BEYOND


def test_forward_value_is_told_and_tested(extreme: Bank) -> None:
    tested = extreme[0].rows("select * from forward.forward_backtest where model = 'naive'")
    assert max(row["root_mean_square_error"] for row in tested) > MONEY_LIMIT / 10
