"""The job that fits a card: a candidate in the home, with what there is to look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster import DagsterInstance

from orchestration.assets import scorecards
from orchestration.assets.scorecards import FIT
from orchestration.build import build_defs
from orchestration.cards.decisions import read_decisions
from orchestration.settings import load_settings
from tests.unit.cards.marts import AS_OF, development, marts, publish


@pytest.mark.slow
def test_a_run_keeps_a_candidate_and_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with marts() as con:
        publish(con, tmp_path)
    monkeypatch.setattr(scorecards, "shipped", lambda _: development())
    job = build_defs(load_settings(home=tmp_path)).resolve_job_def(FIT)
    with DagsterInstance.ephemeral() as instance:
        ran = job.execute_in_process(
            run_config={"ops": {"fit": {"config": {"kind": "behavioural"}}}}, instance=instance
        )
        early = job.execute_in_process(
            run_config={"ops": {"fit": {"config": {"kind": "behavioural", "as_of": "2022-06-30"}}}},
            instance=instance,
            raise_on_error=False,
        )
    (made,) = ran.get_asset_materialization_events()
    (decision,) = read_decisions(tmp_path / "cards")
    assert (decision.state, decision.valid_from) == ("candidate", AS_OF)
    shown = made.step_materialization_data.materialization.metadata
    assert shown["card"].value == decision.card
    assert str(shown["chart"].value).startswith("![Chart of")
    assert {"points", "evidence"} <= set(shown)
    assert not early.success
    (failed,) = early.get_step_failure_events()
    assert "outcomes of 0 months are known" in str(failed.step_failure_data.error)
