"""One sample bank, run to a day within a month and to a month's end, beside its reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from orchestration.sample_bank.generate import generate
from orchestration.sample_bank.options import Volumes
from tests.integration.warehouse.reading import Warehouse
from tests.reference.bank import ReferenceBank
from tests.reference.policies import Policies
from tests.support.home import Home
from tests.support.tiny_bank import FIRST_DAY, LAST_DAY, TinyBank

START, MONTHS = date(2024, 1, 1), 6
# A sample bank within a month and at a month's end; tiny banks that misbehave on purpose.
CASES = ("sample to 2024-05-17", "sample to 2024-06-30", "tiny 31", "tiny 32", "tiny 33")


@dataclass(frozen=True)
class Compared:
    """A home as run through a day, and what should stand in it."""

    home: Home
    warehouse: Warehouse
    reference: ReferenceBank
    truth: Path | None


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Landing and truth of a small bank whose rows come late, twice, corrected and spoiled."""
    folder = tmp_path_factory.mktemp("sample") / "bank"
    volumes = Volumes(transactions_per_month=4, threads=1, memory_limit="1GB", correction_factor=3)
    generate(folder, 100, START, MONTHS, 11, late_share=0.1, defect_share=0.02, volumes=volumes)
    return folder


@pytest.fixture(scope="session", params=CASES)
def compared(
    request: pytest.FixtureRequest, sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Compared:
    """A bank run as one range through a day."""
    path = tmp_path_factory.mktemp("home")
    kind, *_, which = request.param.split()
    if kind == "sample":
        first_day, as_of, truth = START, date.fromisoformat(which), sample / "truth"
        home = Home(path, first_day=first_day)
        home.settings.landing_dir.symlink_to(sample / "landing")
    else:
        first_day, as_of, truth = FIRST_DAY, LAST_DAY, None
        home = Home(path, first_day=first_day)
        home.land(TinyBank(int(which)).landing())
    home.run(first_day, as_of)
    return Compared(home, *read_and_judge(home, first_day, as_of), truth)


def read_and_judge(
    home: Home, first_day: date, as_of: date, policies: Path | None = None
) -> tuple[Warehouse, ReferenceBank]:
    """A home's warehouse, and the reference over the same deliveries and policies."""
    warehouse = Warehouse(home.settings.warehouse_path, home.settings.key_salt)
    rules = Policies.read(policies or home.bank.dbt.policy_dir())
    # A delivery before the first day is history, and the first month is its month.
    found = warehouse.con.execute("select min(loaded_on) from control.day_versions").fetchone()
    assert found is not None
    first = min(first_day, found[0])
    return warehouse, ReferenceBank(warehouse.deliveries(), rules, first, as_of)
