"""Broken segment policies, each with the file, line and column that must be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.policy.validate import validate_policies
from tests.unit.policy.broken import PARAMETER, SMALL, Broken
from tests.unit.policy.naming import require_named

BAND, GROUP = "policy_segment_band.csv", "policy_segment_group.csv"


def line_of(file: str, start: str) -> int:
    """The line of a small policy that begins so."""
    lines = SMALL[file].splitlines()
    (place,) = [number for number, line in enumerate(lines, 1) if line.startswith(start)]
    return place


CASES = [
    Broken("unknown scheme", BAND, "age_band,young", "ages,young", 2, "scheme", "value", "unknown"),
    Broken(
        "residual as a band",
        BAND,
        "age_band,young",
        "age_band,unknown",
        2,
        "band",
        "value",
        "shown beside",
    ),
    Broken(
        "bound of nothing",
        BAND,
        "old,Old,40,",
        "old,Old,0,",
        3,
        "lower_bound",
        "value",
        "must be above 0",
    ),
    Broken(
        "half a year",
        BAND,
        "old,Old,40,",
        "old,Old,40.5,",
        3,
        "lower_bound",
        "value",
        "whole years",
    ),
    Broken(
        "two lowest bands",
        BAND,
        "high,High,100000",
        "high,High,",
        6,
        "lower_bound",
        "order",
        "both start below all bounds",
    ),
    Broken(
        "one bound twice",
        BAND,
        "age_band,young,Young,,2019-01-01,,",
        "age_band,young,Young,,2019-01-01,,\nage_band,middle,Middle,45,2024-01-01,,",
        5,
        "lower_bound",
        "order",
        "both start at 45 on 2024-07-01",
    ),
    Broken(
        "no lowest band",
        BAND,
        "age_band,young,Young,,2019-01-01,",
        "age_band,young,Young,18,2019-01-01,",
        0,
        "lower_bound",
        "order",
        "age_band has no band without a lower bound on 2020-01-01",
    ),
    Broken(
        "lowest band too late",
        BAND,
        "age_band,young,Young,,2019-01-01,",
        "age_band,young,Young,,2021-01-01,",
        2,
        "lower_bound",
        "order",
        "on 2020-01-01",
    ),
    Broken(
        "unknown group",
        GROUP,
        "low,true,main_force",
        "low,true,middle",
        2,
        "strategic_group",
        "value",
        "unknown",
    ),
    Broken(
        "neither insured nor not",
        GROUP,
        "low,true,main_force",
        "low,yes,main_force",
        2,
        "is_insured",
        "value",
        "neither true nor false",
    ),
    Broken(
        "group of no band",
        GROUP,
        "high,false,nurture,2019-01-01,,",
        "high,false,nurture,2019-01-01,,\nhighest,true,value,2019-01-01,,",
        6,
        "income_band",
        "reference",
        "is no income_band",
    ),
    Broken(
        "band without a group",
        GROUP,
        "high,false,nurture,2019-01-01,,",
        "high,false,nurture,2019-06-01,,",
        6,
        "band",
        "reference",
        "not in force on 2019-01-01",
        found_in=BAND,
    ),
    *(
        Broken(
            f"{lower} not below",
            PARAMETER,
            f"{lower},{small},",
            f"{lower},{large},",
            line_of(PARAMETER, f"{lower},"),
            "value",
            "order",
            f"must be below the {large} of",
        )
        for lower, small, large in (
            ("segment_abc_a", "0.7", "1"),
            ("segment_abc_literal_b", "0.3", "1"),
            ("segment_satisfaction_b", "6", "10"),
        )
    ),
    Broken(
        "both heavy at once",
        PARAMETER,
        "segment_deposit_heavy,1,",
        "segment_deposit_heavy,0,",
        line_of(PARAMETER, "segment_deposit_heavy,"),
        "value",
        "order",
        "could be both",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_named_by_line_and_column(policies: Path, case: Broken) -> None:
    assert len(require_named(policies, case)) == 1


def test_bands_may_end_with_their_groups(policies: Path) -> None:
    for file, old in (
        (BAND, "high,High,100000,2019-01-01,"),
        (GROUP, "value,2019-01-01,"),
        (GROUP, "nurture,2019-01-01,"),
    ):
        path = policies / file
        path.write_text(path.read_text("utf-8").replace(old, f"{old}2025-01-01"), "utf-8")
    assert validate_policies(policies) == []
