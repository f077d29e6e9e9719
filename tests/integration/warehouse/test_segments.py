"""Segments under any policies, each following from the rows that explain it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.integration.warehouse.expected import MARTS, table_differences
from tests.integration.warehouse.explained_segments import explained
from tests.integration.warehouse.policied import judge_under, write_policies
from tests.integration.warehouse.random_policies import RandomPolicies
from tests.integration.warehouse.random_segments import RandomSegments, SegmentBank
from tests.integration.warehouse.reading import Warehouse
from tests.reference.bank import ReferenceBank
from tests.reference.policies import Policies
from tests.reference.segments import SCHEMES
from tests.support.home import Home

pytestmark = pytest.mark.slow

FIRST, LAST = date(2023, 11, 1), date(2024, 7, 11)
DAYS = [FIRST + timedelta(days=index) for index in range((LAST - FIRST).days + 1)]
SEGMENTS = [table for table in MARTS if table.startswith("marts.segment_")]
SEEDS = range(3)


@pytest.fixture(scope="module", params=[False, True], ids=["rich", "poor"])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A bank with facts; each policy judges it again."""
    home = Home(tmp_path_factory.mktemp("segments") / "home", first_day=FIRST)
    home.land(SegmentBank(1, DAYS, 60, poor=request.param).deliverer.files())
    home.run(FIRST, LAST, ("policy", "raw", "staging", "facts"))
    return home


@pytest.mark.parametrize("seed", SEEDS)
def test_any_policies(loaded: Home, seed: int, tmp_path: Path) -> None:
    tiers, drawn = RandomPolicies(seed, DAYS).lines(), RandomSegments(seed, DAYS).lines()
    numbers = [*tiers["parameter"], *drawn["parameter"]]
    write_policies(tmp_path / "policy", tiers | drawn | {"parameter": numbers})
    judge_under(loaded, tmp_path / "policy", FIRST, LAST)
    warehouse = Warehouse(loaded.settings.warehouse_path, loaded.settings.key_salt)
    policies = Policies.read(tmp_path / "policy")
    reference = ReferenceBank(warehouse.deliveries(), policies, FIRST, LAST)
    wrong = {}
    for table in SEGMENTS:
        found, _ = table_differences(table, warehouse, reference)
        if found:
            wrong[table] = found[:5]
    assert wrong == {}
    assert explained(warehouse, policies) == []


def test_the_bank_has_every_segment(loaded: Home, tmp_path: Path) -> None:
    write_policies(tmp_path / "policy", RandomPolicies(0, DAYS).lines() | FULL)
    judge_under(loaded, tmp_path / "policy", FIRST, LAST)
    warehouse = Warehouse(loaded.settings.warehouse_path, loaded.settings.key_salt)
    rows = warehouse.rows("select * from marts.segment_month")
    for scheme, always in SCHEMES.items():
        missing = set(always) - {row[scheme] for row in rows}
        assert missing <= {"not_measured"}, scheme


FULL: dict[str, list[dict[str, object]]] = {
    "parameter": [
        {"parameter": "segment_frequent_count", "value": 2, "unit": "count"},
        {"parameter": "segment_lost_months", "value": 2, "unit": "months"},
        {"parameter": "segment_loyal_months", "value": 3, "unit": "months"},
        {"parameter": "restatement_months", "value": 1, "unit": "months"},
    ]
}
