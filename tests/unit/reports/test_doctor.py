"""What the doctor says of a home that is not there yet."""

from __future__ import annotations

from pathlib import Path

from orchestration.reports.doctor import doctor
from orchestration.settings import load_settings
from tests.unit.reports.home import said


def test_looking_makes_no_home(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "nowhere")
    found: list[bool] = []
    text = said(lambda console: found.append(doctor(settings, console)))
    assert found == [False]
    assert "landing ACT" in text
    assert "does not exist: deliver extracts there" in text
    assert not settings.home.exists()
