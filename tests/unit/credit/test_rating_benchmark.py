"""The rating's quantitative part over a sample, and what it is measured against.

The borrowers are looked for in $TENURE_SHARED_DATA/finratkz, then in ../shared/data/finratkz beside
the repository; tests of made-up values need no file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.finratkz import INDICATORS
from benchmarks.rating import (
    MODELS,
    SHARED,
    cross_validated,
    held_out,
    odds_levels,
    quantile_levels,
    rates_by_grade,
    sample,
)
from benchmarks.rating_policy import read_policy
from orchestration.credit.measures import auc
from tests.unit.credit.test_finratkz import read, row
from tests.unit.docs.pages import page, section, table

# Other machines may round another way at a bound.
PRINTED = 0.002
POLICY = read_policy(INDICATORS)
needs_data = pytest.mark.skipif(
    not (SHARED / "finratKZ.csv").exists(),
    reason=f"finratkz is public data that the repository does not hold; not in {SHARED}",
)


def test_each_block_counts_one_set_and_all_its_points() -> None:
    used = {block.name: block.used for block in POLICY.blocks}
    assert used == {
        "solvency": "base", "result": "base", "operation": "alternative", "growth": "base"
    }  # fmt: skip
    assert POLICY.full == 100


def test_a_set_that_lacks_as_much_as_the_other_stays_the_base_one() -> None:
    nothing = read_policy([])
    assert {block.used for block in nothing.blocks} == {"base"}
    assert len(nothing.names) == 0


def test_points_lie_on_straight_lines_between_levels() -> None:
    """Debt ratio, less is better: 0.4, 0.5, 0.6, 0.7, 0.85 bring 1, 0.8, 0.6, 0.4, 0.2."""
    at = POLICY.names.index("debt_ratio")
    values = np.full((8, len(POLICY.names)), np.nan)
    values[:, at] = [-1, 0.4, 0.45, 0.5, 0.775, 0.85, 0.851, np.nan]
    found = POLICY.coefficients(values, POLICY.levels)
    assert found[:, at] == pytest.approx([1, 1, 0.9, 0.8, 0.3, 0.2, 0, 0])
    assert POLICY.points(values, POLICY.levels) == pytest.approx(found[:, at] * 15)


def test_a_ratio_on_a_level_is_not_below_it_by_a_rounding(tmp_path: Path) -> None:
    """0.94 - 1 is less than -0.06 in binary; poor, the worst level, brings a fifth."""
    read(tmp_path, row(LR="2", Cap_gr="0.94"), row("1", LR="2", Cap_gr="0.93"))
    found = POLICY.coefficients(sample(tmp_path, POLICY).values, POLICY.levels)
    assert found[:, POLICY.names.index("capital_accumulation")].tolist() == [0.2, 0.0]


def test_bounds_belong_to_the_better_grade_whatever_binary_makes_of_them() -> None:
    points = np.array([100, 80, 79.99, 40, 39.99, 0, 0.56 * 100, 0.29 * 100 + 0.27 * 100])
    assert [POLICY.scale[at] for at in POLICY.grade(points)] == [
        "AAA", "AAA", "AA+", "BB", "B", "B", "A-", "A-"
    ]  # fmt: skip


def test_quantile_levels_are_those_of_known_borrowers() -> None:
    known = np.tile(np.arange(101.0)[:, None], (1, len(POLICY.names)))
    levels = dict(zip(POLICY.names, quantile_levels(POLICY, known).tolist(), strict=True))
    assert levels["current_ratio"] == pytest.approx([90, 70, 50, 30, 10])
    assert levels["debt_ratio"] == pytest.approx([10, 30, 50, 70, 90])


def test_odds_levels_follow_the_odds_and_never_turn_back() -> None:
    random = np.random.default_rng(2)
    known = random.normal(size=(2000, len(POLICY.names)))
    known[::7, 0] = np.nan
    signs = np.where(POLICY.more_is_better, 1, -1)
    bad = random.random(2000) < 1 / (1 + np.exp(known[:, 1] * signs[1] * 2))
    levels = odds_levels(POLICY, known, bad) * signs[:, None]
    assert (np.diff(levels, axis=1) <= 0).all()
    assert levels[1, 0] > 1
    assert levels[1, -1] < -0.5


@needs_data
def test_the_rating_ranks_borrowers_as_the_page_says() -> None:
    of = sample(SHARED, POLICY)
    assert (len(of.bad), int(of.bad.sum())) == (400, 200)
    points = held_out(of, POLICY, MODELS["expert"](POLICY))
    _, rows = table(section(page("docs/rating_validation.md"), "Ranking"))
    assert auc(-points, of.bad).value == pytest.approx(float(rows[0][3]), abs=PRINTED)
    rates = rates_by_grade(points, of.bad, POLICY)
    _, grades = table(section(page("docs/rating_validation.md"), "Default rate per grade"))
    assert [(row[0], int(row[1]), int(row[2])) for row in grades] == list(
        zip(POLICY.scale, rates.companies, rates.defaults, strict=True)
    )


@needs_data
@pytest.mark.slow
def test_tables_that_were_fitted_do_as_the_page_says() -> None:
    found = cross_validated(sample(SHARED, POLICY), POLICY)
    _, rows = table(section(page("docs/rating_validation.md"), "Against tables that were fitted"))
    assert [row[0] for row in rows] == list(MODELS)
    for name, printed, *_ in rows:
        assert found[name].mean() == pytest.approx(float(printed.split(" ")[0]), abs=PRINTED)
