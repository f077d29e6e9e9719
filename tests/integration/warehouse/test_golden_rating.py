"""Worked examples of the corporate rating, from statements and sheets to grades.

Every company has the same share of every indicator and item. All ratios of the base set are that
share, and a benchmark's levels are its coefficients, so that an indicator brings the share of its
weight. January is read as corrected, February by items, March by headers; in April the alternative
set counts, which is full for everybody.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest

from orchestration.policy.parameters import LEVELS
from orchestration.policy.rating_rows import RATIOS
from tests.integration.warehouse.expected import table_differences
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import ALWAYS, SEEDS, TIERS, judge_under, write_policies
from tests.integration.warehouse.reading import Warehouse
from tests.reference.bank import ReferenceBank
from tests.reference.policies import Policies
from tests.support.home import Home

pytestmark = pytest.mark.slow

FIRST, LAST = date(2024, 1, 1), date(2024, 5, 1)
READINGS = {1: "corrected", 2: "items_literal", 3: "headers_literal"}
# Share -> total and grade under each reading: T1 of the rules, and T4's bounds among them.
UNIFORM = {
    "1": ("100 AAA", "99.75 AAA", "97.5 AAA"),
    "0.80": ("80.00 AAA", "79.80 AA+", "78.00 AA+"),
    "0.76": ("76 AA+", "75.81 AA", "74.10 AA"),
    "0.72": ("72 AA", "71.82 AA-", "70.20 AA-"),
    "0.68": ("68 AA-", "67.83 A+", "66.30 A+"),
    "0.64": ("64 A+", "63.84 A", "62.40 A"),
    "0.60": ("60 A", "59.85 A-", "58.50 A-"),
    "0.56": ("56 A-", "55.86 BBB", "54.60 BBB"),
    "0.50": ("50 BBB", "49.875 BB", "48.75 BB"),
    "0.40": ("40 BB", "39.90 B", "39.00 B"),
}
COEFFICIENTS = ("1", "0.8", "0.6", "0.4", "0.2")
# Large enough that cents of statements move no ratio by a millionth.
SIZE = Decimal(10**10)
CENT = Decimal("0.01")


def statements(bank: Deliverer, number: str, share: Decimal) -> None:
    """Years of which every ratio of the base set is the share, and none of the other is missing."""
    current = assets = share * SIZE
    sales = share * current
    profit = share * sales
    equity_before = 2 * sales / (2 + share)
    now = {
        "total_liabilities": share * assets,
        "current_liabilities": SIZE,
        "ebit": SIZE,
        "interest_bearing_debt": share * SIZE,
        "sales": sales,
        "net_profit": profit,
        "equity": equity_before * (1 + share),
    }
    before = {"sales": sales / (1 + share), "equity": equity_before}
    for year, items in ((2020, before), (2022, before), (2023, now)):
        rest = {name: SIZE for name in ("inventory", "receivables", "cost_of_sales", "total_cost")}
        rest |= {"interest_expense": SIZE, "operating_cash_inflow": SIZE}
        row = rest | {"net_operating_cash_flow": SIZE, "net_profit": profit} | items
        row |= {"total_assets": assets, "current_assets": current}
        bank.deliver(
            "financial_statements", FIRST, customer_id=number, year_end=date(year, 12, 31),
            audited="true", **{name: value.quantize(CENT) for name, value in row.items()},
        )  # fmt: skip


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, ReferenceBank]:
    """Ten companies of uniform shares, rated in four months under four policies."""
    shipped = Policies.read(SEEDS)
    bank = Deliverer()
    bank.product(FIRST)
    items = shipped.on("rating_item", FIRST)
    for text in UNIFORM:
        bank.customer(text, FIRST, customer_type="corporate")
        statements(bank, text, Decimal(text))
        for item in items:
            if item["trade"] != "trading":
                bank.deliver(
                    "qualitative_assessments", FIRST, customer_id=text, item=item["item"],
                    assessed_on=FIRST, assessor="RC1", points=item["points"] * Decimal(text),
                )  # fmt: skip
    folder = tmp_path_factory.mktemp("golden")
    write_policies(folder / "policy", _policies(shipped))
    home = Home(folder / "home", first_day=FIRST)
    home.land(bank.files())
    home.run(FIRST, LAST, ("policy", "raw", "staging", "facts"))
    judge_under(home, folder / "policy", FIRST, LAST)
    warehouse = Warehouse(home.settings.warehouse_path, home.settings.key_salt)
    policies = Policies.read(folder / "policy")
    return warehouse, ReferenceBank(warehouse.deliveries(), policies, FIRST, LAST)


def _as_shipped(name: str) -> list[dict[str, object]]:
    with (SEEDS / f"policy_{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row | {"valid_from": ALWAYS} for row in csv.DictReader(file)]


def _policies(shipped: Policies) -> dict[str, list[dict[str, object]]]:
    indicators = [
        {**row, "valid_to": "", "better": "more"} for row in shipped.on("rating_indicator", FIRST)
    ]
    of = {row["indicator"]: row["indicator_set"] for row in indicators}
    far = dict(zip(LEVELS, (-101, -102, -103, -104, -105), strict=True))
    levels = dict(zip(LEVELS, COEFFICIENTS, strict=True))
    benchmarks = [
        {"benchmark": "general", "indicator": name} | (levels if of.get(name) == "base" else far)
        for name in RATIOS
    ]
    readings = [
        {
            "switch": "rating_reading", "choice": choice,
            "valid_from": date(2000, 1, 1) if month == 1 else date(2024, month, 1),
            "valid_to": date(2024, month + 1, 1) if month < len(READINGS) else "",
        }
        for month, choice in READINGS.items()
    ]  # fmt: skip
    april = date(2024, 4, 1)
    sets = [
        {"switch": "rating_set", "choice": "base", "valid_to": april},
        {"switch": "rating_set", "choice": "alternative", "valid_from": april},
    ]
    return {
        **{name: _as_shipped(name) for name in TIERS},
        "rating_indicator": indicators,
        "rating_benchmark": benchmarks,
        "rating_industry": [
            {"industry": "other", "industry_name": "Any", "benchmark": "general",
             "trade": "as_assessed"}
        ],
        "rating_knockout": [],
        "switch": [*readings, *sets],
    }  # fmt: skip


@pytest.mark.parametrize("share", UNIFORM)
def test_uniform_shares_under_three_readings(
    golden: tuple[Warehouse, ReferenceBank], share: str
) -> None:
    ratings = golden[0].table("marts.rating_month", "customer_key", "month")
    for month, expected in enumerate(UNIFORM[share], start=1):
        row = ratings[share, date(2024, month, 1)]
        total, grade = expected.split()
        assert (row["total_points"], row["grade"]) == (Decimal(total), grade), row["reading"]


def test_either_set_alone_is_full(golden: tuple[Warehouse, ReferenceBank]) -> None:
    """T2 of the rules: 100 points of the base set, and 100 of the alternative one."""
    ratings = golden[0].table("marts.rating_month", "customer_key", "month")
    assert ratings["1", FIRST]["quantitative_points"] == 100
    for share in UNIFORM:
        row = ratings[share, date(2024, 4, 1)]
        assert row["quantitative_points"] == 100
        assert {row[f"{block}_set"] for block in ("solvency", "result", "operation", "growth")} == {
            "alternative"
        }


@pytest.mark.parametrize("table", ["marts.rating_month", "marts.rating_points"])
def test_the_reference_says_the_same(golden: tuple[Warehouse, ReferenceBank], table: str) -> None:
    found, expected = table_differences(table, *golden)
    assert expected
    assert found == []
