"""What the doctor says of a home that is not there yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.reports import doctor as module
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


def test_a_card_beyond_its_bounds_is_to_be_looked_at_and_stops_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHECKS", {"scorecards": module._cards})
    monkeypatch.setattr(module, "published_alarms", lambda _: {"b-1": "PSI"})
    found: list[bool] = []
    text = said(lambda console: found.append(doctor(load_settings(home=tmp_path), console)))
    assert found == [True]
    assert "scorecards look 0 kept, 0 decision(s); b-1 is beyond its bound: PSI" in text
