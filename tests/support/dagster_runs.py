"""Runs of the daily job, as the UI starts them, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dagster import AssetCheckEvaluation, AssetKey, DagsterEventType, ExecuteInProcessResult

from orchestration.build import build_defs
from orchestration.instance import open_instance
from orchestration.jobs import DAILY
from orchestration.partitions import RANGE_END, RANGE_START
from orchestration.settings import Settings

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Ran:
    """What a run left in Dagster's own log."""

    result: ExecuteInProcessResult

    @property
    def succeeded(self) -> bool:
        """Whether Dagster calls the run a success."""
        return self.result.success

    @property
    def materialized(self) -> set[AssetKey]:
        """The assets that the run recorded as built."""
        events = self.result.get_asset_materialization_events()
        return {event.asset_key for event in events if event.asset_key is not None}

    @property
    def layers(self) -> set[str]:
        """The layers, raw to published, of which the run built anything."""
        return {key.path[0] for key in self.materialized}

    @property
    def checks(self) -> list[AssetCheckEvaluation]:
        """The checks that the run evaluated."""
        return self.result.get_asset_check_evaluations()

    @property
    def failures(self) -> str:
        """What the failed steps say to the person who looks."""
        said = []
        for event in self.result.all_events:
            if event.event_type is DagsterEventType.STEP_FAILURE:
                data = event.step_failure_data
                failure = data.user_failure_data
                said.append((failure and failure.description) or str(data.error))
        return "\n".join(said)


def run_job(
    settings: Settings,
    first: date,
    last: date | None = None,
    selection: Iterable[Sequence[str]] | None = None,
) -> Ran:
    """Runs the daily job over days, or only the assets of a selection."""
    job = build_defs(settings).resolve_job_def(DAILY)
    with open_instance(settings) as instance:
        result = job.execute_in_process(
            instance=instance,
            run_config=_QUIET,
            asset_selection=[AssetKey(key) for key in selection] if selection else None,
            tags={
                RANGE_START: first.isoformat(),
                RANGE_END: (last or first).isoformat(),
            },
            raise_on_error=False,
        )
    return Ran(result)


def layer_keys(settings: Settings, layer: str) -> list[list[str]]:
    """The assets of a group."""
    graph = build_defs(settings).resolve_asset_graph()
    return [
        list(key.path) for key in graph.get_all_asset_keys() if graph.get(key).group_name == layer
    ]
