"""What may be asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from orchestration.sample_bank import SampleBankError, Volumes, generate
from orchestration.sample_bank.options import calendar_of


def test_months_end_where_the_calendar_says() -> None:
    months = calendar_of(date(2023, 12, 1), 3)
    assert [month.end for month in months] == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
    ]
    assert [month.days for month in months] == [31, 31, 29]


def test_a_start_within_a_month_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleBankError, match="take 2024-01-01"):
        generate(tmp_path, 10, date(2024, 1, 15), 1, 1)


def test_an_unknown_file_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleBankError, match="'xml' is not one of csv"):
        generate(tmp_path, 10, date(2024, 1, 1), 1, 1, file_format="xml")  # type: ignore[arg-type]


def test_a_share_that_is_no_share_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleBankError, match="defect_share"):
        generate(tmp_path, 10, date(2024, 1, 1), 1, 1, defect_share=3.0)


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "mine.txt").write_text("mine")
    with pytest.raises(SampleBankError, match="is not empty"):
        generate(tmp_path, 10, date(2024, 1, 1), 1, 1)


def test_an_unknown_volume_is_refused() -> None:
    with pytest.raises(ValidationError):
        Volumes(transactions=3)  # type: ignore[call-arg]
