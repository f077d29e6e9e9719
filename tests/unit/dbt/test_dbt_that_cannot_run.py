"""What a person is told where dbt itself breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner, dbtRunnerResult

from orchestration.dbt.project import DbtError, DbtProject
from orchestration.settings import load_settings


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("duckdb"), "dbt parse could not run: KeyError: 'duckdb'"),
        (RuntimeError("No profile."), "dbt parse could not run: No profile."),
    ],
)
def test_what_broke_is_named_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    """A key alone says nothing; where it was missing stands in the cause."""
    broken = dbtRunnerResult(success=False, exception=error)
    monkeypatch.setattr(dbtRunner, "invoke", lambda *_: broken)
    with pytest.raises(DbtError) as raised:
        _ = DbtProject(load_settings(home=tmp_path)).manifest
    assert str(raised.value) == said
    assert raised.value.__cause__ is error


def test_who_is_told_to_stop_has_not_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = dbtRunnerResult(success=False, exception=KeyboardInterrupt())
    monkeypatch.setattr(dbtRunner, "invoke", lambda *_: stopped)
    with pytest.raises(KeyboardInterrupt):
        _ = DbtProject(load_settings(home=tmp_path)).manifest
