"""Worked examples of tiering, from landing files to the history of tiers.

Amounts are in units of ten thousand (万), constant through each month, so that the month's
average daily balance is the amount itself.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import judge_under, write_policies
from tests.integration.warehouse.reading import Warehouse
from tests.reference.days import add_months
from tests.reference.policies import Policies
from tests.reference.tiers import band_of
from tests.support.home import Home

pytestmark = pytest.mark.slow

WAN = 10_000
FIRST = date(2024, 1, 1)
LAST = date(2024, 11, 1)
# Month 0 brings everybody to T3, months 1 to 9 follow.
T5 = [60, 45, 45, 18, 18, 18, 18, 18, 60]
T6 = [49, 51, 49, 51, 49, 51]
BANDS = {
    "4999999.99": "none",
    "5000000.00": "borderline",
    "5999999.99": "borderline",
    "6000000.00": "volatile",
    "8000000.00": "volatile",
    "8000000.01": "stable",
}
# Of April's thirty days one holds more: averages of half a cent, and one that reaches a bound.
APRIL = 3
HALF_CENTS = {
    "half up": ("0.00", "0.15", "0.01", "t1"),
    "half down": ("0.00", "-0.15", "-0.01", "t1"),
    "to the bound": ("199999.99", "0.15", "200000.00", "t2"),
    "below the bound": ("199999.99", "0.14", "199999.99", "t1"),
}
BOUNDS = {"199999.99": "t1", "200000.00": "t2", "499999.99": "t2", "500000.00": "t3"}
GRACES = {
    "none": {"grace_months": 1, "silent_months": 0, "demote_to": "latest"},
    "grace_3": {"grace_months": 3, "silent_months": 0, "demote_to": "latest"},
    "grace_6": {"grace_months": 6, "silent_months": 0, "demote_to": "latest"},
    "watch_3_3": {"grace_months": 6, "silent_months": 3, "demote_to": "best"},
}
WHEN = {"watch_3_3": "judgement"}


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Every golden customer under every rule, a scheme each."""
    bank = Deliverer()
    bank.product(FIRST)
    bank.steady("T5", FIRST, [amount * WAN for amount in [60, *T5]])
    bank.steady("T6", FIRST, [amount * WAN for amount in [60, *T6]])
    for amount in (*BANDS, *BOUNDS):
        bank.steady(amount, FIRST, [Decimal(amount)])
    for customer, (steady, more, *_) in HALF_CENTS.items():
        bank.steady(customer, FIRST, [Decimal(steady)])
        bank.balance(f"A-{customer}", date(2024, 4, 9), Decimal(steady) + Decimal(more))
        bank.balance(f"A-{customer}", date(2024, 4, 10), steady)
    folder = tmp_path_factory.mktemp("golden")
    _write_policies(folder / "policy")
    home = Home(folder / "home", first_day=FIRST)
    home.land(bank.files())
    home.run(FIRST, LAST, ("policy", "raw", "staging", "facts"))
    judge_under(home, folder / "policy", FIRST, LAST)
    return Warehouse(home.settings.warehouse_path, home.settings.key_salt)


def _write_policies(folder: Path) -> None:
    ranks = ((1, "t1", None), (2, "t2", 20 * WAN), (3, "t3", 50 * WAN))
    write_policies(
        folder,
        {
            "measure": [
                {"measure_code": "deposits", "basis": "average", "component": "demand", "weight": 1}
            ],
            "parameter": [{"parameter": "restatement_months", "value": 13, "unit": "months"}],
            "tier_grace": [{"grace_code": code, **rule} for code, rule in GRACES.items()],
            "tier_scheme": [
                {
                    "scheme_code": code,
                    "scheme_name": code,
                    "measure_code": "deposits",
                    "customer_type": "retail",
                    "upgrade_takes_effect": WHEN.get(code, "next_month"),
                }
                for code in GRACES
            ],
            "tier_bound": [
                {
                    "scheme_code": code,
                    "tier_rank": rank,
                    "tier_code": tier,
                    "tier_name": tier,
                    "lower_bound": bound,
                    "grace_code": code,
                }
                for code in GRACES
                for rank, tier, bound in ranks
            ],
            "tier_band": [
                {
                    "scheme_code": "none",
                    "band_code": band,
                    "band_name": band,
                    "lower_bound": bound,
                    "lower_inclusive": inclusive,
                }
                for band, bound, inclusive in (
                    ("none", None, "true"),
                    ("borderline", 500 * WAN, "true"),
                    ("volatile", 600 * WAN, "true"),
                    ("stable", 800 * WAN, "false"),
                )
            ],
            "tier_watch": [],
        },
    )


def month(number: int) -> date:
    """First day of a month of the examples; months 1 to 9 carry T5."""
    return add_months(FIRST, number)


def held(golden: Warehouse, customer: str, scheme: str, months: int) -> list[str]:
    """The tier in force on the 15th of months 1, 2, .., from the history of tiers."""
    history = golden.rows(f"select * from marts.tier_history where scheme_code = '{scheme}'")
    found = []
    for number in range(1, months + 1):
        day = month(number).replace(day=1 if number == 10 else 15)
        [tier] = [
            row["tier"]
            for row in history
            if row["customer_key"] == customer
            and row["valid_from"] <= day
            and (row["valid_to"] is None or day < row["valid_to"])
        ]
        found.append(tier)
    return found


def judged(golden: Warehouse, customer: str, scheme: str, column: str) -> list[object]:
    """A column of the verdicts of months 1, 2, .."""
    rows = golden.table("marts.tier_month", "scheme_code", "customer_key", "month")
    return [rows[scheme, customer, month(number)][column] for number in range(1, 10)]


def test_averages_are_exact(golden: Warehouse) -> None:
    assert judged(golden, "T5", "none", "measure_amount") == [amount * WAN for amount in T5]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("none", "t3 t3 t2 t2 t1 t1 t1 t1 t1 t3"),
        ("grace_3", "t3 t3 t3 t3 t1 t1 t1 t1 t1 t3"),
        ("grace_6", "t3 t3 t3 t3 t3 t3 t3 t1 t1 t3"),
        ("watch_3_3", "t3 t3 t3 t3 t3 t3 t3 t2 t2 t3"),
    ],
)
def test_hysteresis(golden: Warehouse, scheme: str, expected: str) -> None:
    assert held(golden, "T5", scheme, 10) == expected.split()


@pytest.mark.parametrize("scheme", GRACES)
def test_grace_follows_from_its_explanation(golden: Warehouse, scheme: str) -> None:
    verdicts = golden.table("marts.tier_month", "scheme_code", "customer_key", "month")
    told: dict[tuple[str, date], dict[str, dict[str, Any]]] = {}
    for row in golden.rows(f"select * from marts.verdict_explanation where family = '{scheme}'"):
        told.setdefault((row["customer_key"], row["month"]), {})[row["measure"]] = row
    assert told.keys() == {place[1:] for place in verdicts if place[0] == scheme}
    kept = 0
    for place, rows in told.items():
        verdict = verdicts[scheme, *place]
        is_below = "measured_rank" in rows
        assert is_below == (verdict["months_below"] > 0)
        if not is_below:
            assert set(rows) == {"deposits"}
            continue
        assert rows["measured_rank"]["distance"] < 0
        is_kept = rows["months_below"]["distance"] < 0
        assert is_kept == (verdict["tier"] == verdict["tier_before"])
        assert is_kept == ("days_of_grace" in rows)
        if is_kept:
            kept += 1
            days = verdict["falls_on"] - verdict["judged_on"]
            assert rows["days_of_grace"]["value"] == days.days > 0
    assert (kept > 0) == (GRACES[scheme]["grace_months"] > 1)


def test_up_on_the_day_judged(golden: Warehouse) -> None:
    rows = golden.rows(
        "select * from marts.tier_changes where scheme_code = 'watch_3_3' order by month"
    )
    changes = [
        (row["change"], row["tier"], row["takes_effect_on"])
        for row in rows
        if row["customer_key"] == "T5"
    ]
    assert changes == [
        ("new", "t3", date(2024, 1, 31)),
        ("downgrade", "t2", month(8)),
        ("upgrade", "t3", date(2024, 10, 31)),
    ]


@pytest.mark.parametrize(
    ("scheme", "since"), [("watch_3_3", date(2024, 1, 31)), ("none", date(2024, 2, 1))]
)
def test_a_first_tier_counts_when_an_upgrade_does(
    golden: Warehouse, scheme: str, since: date
) -> None:
    rows = golden.rows(f"select * from marts.tier_history where scheme_code = '{scheme}'")
    assert min(row["valid_from"] for row in rows if row["customer_key"] == "T5") == since


def test_watched_months(golden: Warehouse) -> None:
    assert judged(golden, "T5", "grace_3", "watch_state")[:5] == [
        "none", "watched", "watched", "watched", "none",
    ]  # fmt: skip
    assert judged(golden, "T5", "watch_3_3", "watch_state")[:7] == [
        "none", "silent", "silent", "silent", "watched", "watched", "watched",
    ]  # fmt: skip


def test_flapping(golden: Warehouse) -> None:
    changed = [change != "none" for change in judged(golden, "T6", "none", "change")]
    assert changed == [True] * 6 + [False] * 3
    for scheme in ("grace_3", "grace_6", "watch_3_3"):
        assert set(judged(golden, "T6", scheme, "tier")) == {"t3"}


@pytest.mark.parametrize(("amount", "tier"), BOUNDS.items())
def test_bounds_are_inclusive(golden: Warehouse, amount: str, tier: str) -> None:
    assert set(judged(golden, amount, "none", "measured_tier")) == {tier}


@pytest.mark.parametrize("customer", HALF_CENTS)
def test_cents_are_rounded_before_they_are_compared(golden: Warehouse, customer: str) -> None:
    *_, average, tier = HALF_CENTS[customer]
    measured = judged(golden, customer, "none", "measure_amount")[APRIL - 1]
    assert measured == Decimal(average)
    assert judged(golden, customer, "none", "measured_tier")[APRIL - 1] == tier


@pytest.mark.parametrize(("amount", "band"), BANDS.items())
def test_bands_have_sharp_edges(golden: Warehouse, amount: str, band: str) -> None:
    assert set(judged(golden, amount, "none", "band")) == {band}


def test_shipped_policies_draw_the_same_bands(tmp_path: Path) -> None:
    """The bands of the shipped files, at the amounts of the examples."""
    policies = Policies.read(Home(tmp_path).bank.dbt.policy_dir())
    for amount, band in BANDS.items():
        assert band_of(policies, "asset_tiers", Decimal(amount), FIRST) == band
