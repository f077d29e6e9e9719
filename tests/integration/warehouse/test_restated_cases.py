"""What can be learned late of a month that has been judged, one case per customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.integration.warehouse.conftest import read_and_judge
from tests.integration.warehouse.expected import FACTS, MARTS, table_differences
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.reading import Warehouse
from tests.reference.bank import ReferenceBank
from tests.support.home import Home

pytestmark = pytest.mark.slow

FIRST, LAST = date(2024, 1, 1), date(2024, 3, 20)
JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
LATE = date(2024, 2, 20)
HELD = 300_000

# (customer, month) -> asset tier then and now; nobody else's past reads otherwise.
EXPECTED = {
    ("balance", JANUARY): ("ordinary", "gold"),
    ("product", JANUARY): ("ordinary", "gold"),
    ("class", JANUARY): ("ordinary", "gold"),
    ("class", FEBRUARY): ("ordinary", "gold"),
    ("closed", JANUARY): ("gold", None),
    ("type", JANUARY): ("gold", None),
    ("opened", JANUARY): (None, "gold"),
    ("giver", JANUARY): ("gold", "ordinary"),
    # Kept by grace in February, after a January that should not have brought it.
    ("giver", FEBRUARY): ("gold", "ordinary"),
    ("taker", JANUARY): ("ordinary", "gold"),
}


def _bank() -> Deliverer:
    bank = Deliverer()
    bank.product(FIRST)
    # The balance comes late; the product; its class is corrected.
    bank.customer("balance", FIRST)
    bank.account("A-balance", "balance", FIRST)
    bank.balance("A-balance", FIRST, HELD, loaded_on=LATE)
    bank.product(FIRST, "UNKNOWN", "wealth", loaded_on=LATE)
    bank.product(FIRST, "MENDED", "loan")
    bank.product(FIRST, "MENDED", "fund", loaded_on=date(2024, 3, 5))
    for number, product in (("product", "UNKNOWN"), ("class", "MENDED")):
        bank.customer(number, FIRST)
        bank.account(f"A-{number}", number, FIRST, product_id=product)
        bank.balance(f"A-{number}", FIRST, HELD)
    # The customer had left; is no person; had been there already.
    for number in ("closed", "type"):
        bank.steady(number, FIRST, [HELD])
    bank.customer("closed", FIRST, closed_on=date(2024, 1, 20), loaded_on=LATE)
    bank.customer("type", FIRST, customer_type="corporate", loaded_on=LATE)
    bank.customer("opened", FIRST, loaded_on=LATE)
    bank.account("A-opened", "opened", FIRST)
    bank.balance("A-opened", FIRST, HELD)
    # The account is somebody else's.
    bank.steady("giver", FIRST, [HELD])
    bank.customer("taker", FIRST)
    bank.account("A-giver", "taker", FIRST, loaded_on=LATE)
    # Of this one everything is known in time, or too late to matter to a closed month.
    bank.steady("calm", FIRST, [HELD])
    bank.balance("A-calm", date(2024, 3, 2), 5, loaded_on=date(2024, 3, 19))
    return bank


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, ReferenceBank]:
    """The bank of all cases, run in two parts, so that January is judged before it is mended."""
    home = Home(tmp_path_factory.mktemp("restated") / "home", first_day=FIRST)
    home.land(_bank().files())
    home.run(FIRST, date(2024, 2, 2))
    home.run(date(2024, 2, 3), LAST)
    return read_and_judge(home, FIRST, LAST)


def test_cases(restated: tuple[Warehouse, ReferenceBank]) -> None:
    rows = restated[0].table("marts.tier_restatement", "scheme_code", "customer_key", "month")
    found = {
        (customer, month): (row["tier_then"], row["tier_now"])
        for (scheme, customer, month), row in rows.items()
        if scheme == "asset_tiers"
    }
    assert found == EXPECTED
    assert rows["asset_tiers", "closed", JANUARY]["measure_now"] is None
    assert rows["asset_tiers", "closed", JANUARY]["measure_difference"] == Decimal(-HELD)


@pytest.mark.parametrize("table", [*FACTS, *MARTS])
def test_every_row(restated: tuple[Warehouse, ReferenceBank], table: str) -> None:
    assert table_differences(table, *restated)[0] == []
