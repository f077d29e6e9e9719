"""A number of policy on a day, read from the file alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from orchestration.policy.files import PARAMETER, parameter_on

NAME = "rating_default_months"


def test_the_number_in_force_on_the_day(policies: Path) -> None:
    (policies / PARAMETER).write_text(
        "parameter,value,unit,valid_from,valid_to,description\n"
        f"{NAME},12,months,1990-01-01,2024-07-01,\n"
        f"{NAME},6,months,2024-07-01,,\n"
    )
    assert parameter_on(policies, NAME, date(2024, 6, 30)) == 12
    assert parameter_on(policies, NAME, date(2024, 7, 1)) == 6
    assert parameter_on(policies, NAME, date(1989, 12, 31)) is None
    assert parameter_on(policies, "rating_outlook_months", date(2024, 7, 1)) is None


def test_a_file_that_is_gone_has_none(tmp_path: Path) -> None:
    assert parameter_on(tmp_path, NAME, date(2024, 7, 1)) is None
