"""Tables and pictures of back-tests stand with the newest day that a run built."""

from __future__ import annotations

import pytest
from dagster import AssetKey, MarkdownMetadataValue, MetadataValue

from orchestration.dbt import assets
from tests.support.dagster_runs import run_job
from tests.support.home import Home
from tests.support.tiny_bank import day

TABLE = ("forward", "forward_backtest")


@pytest.mark.slow
@pytest.mark.parametrize("first", [1, 2], ids=["a range", "a day"])
def test_the_newest_event_shows_them(
    copy_of_bank: Home, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    pages = {TABLE: {"chart": MetadataValue.md("![Chart](data:)")}}
    monkeypatch.setattr(assets, "tests_shown", lambda _, layer: pages if layer == "forward" else {})
    ran = run_job(copy_of_bank.settings, day(first), day(2))
    assert ran.succeeded, ran.failures
    events = [
        event.step_materialization_data.materialization
        for event in ran.result.get_asset_materialization_events()
        if event.asset_key == AssetKey(list(TABLE))
    ]
    shown = [event for event in events if "chart" in event.metadata]
    assert shown == [events[-1]]
    assert isinstance(events[-1].metadata["chart"], MarkdownMetadataValue)
    assert events[-1].partition == str(day(2))
    assert {event.partition for event in events} == {str(day(n)) for n in range(first, 3)}
    assert events[-1].metadata.keys() >= {"seconds", "from", "as of", "dagster/row_count"}
