"""The rating's back-test on a sample bank of companies, against a plain recount.

Defaults are waited for three months, so that a bank of eight has cohorts whose time is over.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from orchestration.sample_bank.generate import generate
from orchestration.sample_bank.options import Volumes
from tests.integration.warehouse.policied import SEEDS, judge_under
from tests.integration.warehouse.reading import Warehouse
from tests.reference import rating_backtest as reference
from tests.support.home import Home

START, MONTHS, LAST = date(2024, 1, 1), 8, date(2024, 8, 31)
CUSTOMERS, HORIZON, SEED = 160, 3, 5
SHIPPED = ("policy", "raw", "staging", "facts")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A bank of which every second customer is a company, judged under a short horizon."""
    folder = tmp_path_factory.mktemp("companies")
    home = Home(folder / "home", first_day=START)
    volumes = Volumes(corporate_share=0.5, threads=1, memory_limit="1GB")
    generate(
        home.settings.home, CUSTOMERS, START, MONTHS, SEED, late_share=0.1,
        file_format="parquet", volumes=volumes,
    )  # fmt: skip
    home.run(START, LAST, SHIPPED)
    judge_under(home, _with_a_short_horizon(folder / "policies"), START, LAST)
    return Warehouse(home.settings.warehouse_path, home.settings.key_salt)


def _with_a_short_horizon(folder: Path) -> Path:
    """The shipped policy files, but for the months that defaults are waited for."""
    shutil.copytree(SEEDS, folder)
    file = folder / "policy_parameter.csv"
    before, shipped = file.read_text("utf-8"), "rating_default_months,12,months,"
    assert before.count(shipped) == 1
    file.write_text(before.replace(shipped, f"rating_default_months,{HORIZON},months,"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def recounted(judged: Warehouse) -> tuple[reference.Months, set[tuple[str, date]]]:
    """Ratings and defaults as the reference reads them."""
    return (
        reference.by_month(judged.rows("select * from marts.rating_month")),
        reference.in_default(judged.rows("select * from facts.int_loan_month")),
    )


def test_matrices_are_those_of_companies_one_by_one(
    judged: Warehouse, recounted: tuple[reference.Months, set[tuple[str, date]]]
) -> None:
    found = judged.table(
        "marts.rating_migration", "month", "followed_months", "from_state", "to_state"
    )
    expected = reference.migration(*recounted, HORIZON)
    assert {key: row["companies"] for key, row in found.items()} == dict(expected)
    assert {key[1] for key in found} == {1, HORIZON}
    assert any(key[3] == "default" for key in found), "a bank without a default proves little"


def test_changed_grades_are_counted_with_their_defaults(
    judged: Warehouse, recounted: tuple[reference.Months, set[tuple[str, date]]]
) -> None:
    found = judged.table("marts.rating_override", "month", "changed_by", "model_grade", "grade")
    owe = reference.owing(judged.rows("select * from facts.int_loan_month"))
    expected = reference.overridden(*recounted, owe, HORIZON)
    counts = ("companies", "borrowers", "defaulted")
    assert {key: tuple(row[of] for of in counts) for key, row in found.items()} == expected
    assert "nothing" in {key[1] for key in found}


def test_rates_add_up_over_the_models_grades(judged: Warehouse) -> None:
    rates = judged.rows("select * from marts.rating_default_rate")
    given = judged.rows("select * from marts.rating_override")
    for row in rates:
        same = [
            one for one in given if (one["month"], one["grade"]) == (row["month"], row["grade"])
        ]
        for of in ("companies", "borrowers", "defaulted"):
            assert row[of] == sum(one[of] for one in same)
    assert sum(row["companies"] for row in rates) == sum(row["companies"] for row in given)
    assert sum(row["companies"] for row in rates) > 0
