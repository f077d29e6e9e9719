"""Running days from the command line: the same job that the UI runs, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dagster import DagsterEventType, ExecuteInProcessResult

from expectations.judge import warm_up
from orchestration.build import build_defs
from orchestration.event_log import BatchedSqliteEventLogStorage
from orchestration.gates import GATE_SUFFIX
from orchestration.instance import open_instance
from orchestration.jobs import DAILY
from orchestration.partitions import RANGE_END, RANGE_START
from orchestration.reports.gate_failure import gate_failure
from orchestration.settings import Settings

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


# A range longer than this is a history load: nobody looks for the days of it that are planned.
LONG_RANGE_DAYS = 31


@dataclass(frozen=True)
class RunOutcome:
    """Whether a run of days succeeded, and in sentences why not."""

    run_id: str
    succeeded: bool
    failures: list[str]


def run_days(settings: Settings, first: date, last: date) -> RunOutcome:
    """Runs the partitions `first` to `last` as one run."""
    warm_up()
    job = build_defs(settings).resolve_job_def(DAILY)
    with open_instance(settings) as instance:
        storage = instance.event_log_storage
        if isinstance(storage, BatchedSqliteEventLogStorage):
            storage.plans_ranges = (last - first).days >= LONG_RANGE_DAYS
        result = job.execute_in_process(
            instance=instance,
            run_config=_QUIET,
            tags={
                RANGE_START: first.isoformat(),
                RANGE_END: last.isoformat(),
            },
            raise_on_error=False,
        )
    failures = list(dict.fromkeys(_failures(result, settings)))
    return RunOutcome(result.run_id, result.success, failures)


def _failures(result: ExecuteInProcessResult, settings: Settings) -> Iterator[str]:
    """The sentences of failed steps; a step that only failed because of another is left out."""
    for event in result.all_events:
        if event.event_type is DagsterEventType.RESOURCE_INIT_FAILURE:
            # Before the first step: another run is writing. Dagster puts the class before it.
            error = event.engine_event_data.error
            yield error.message.strip().partition(": ")[2] if error else "the run did not start"
        if event.event_type is not DagsterEventType.STEP_FAILURE:
            continue
        data = event.step_failure_data
        failure = data.user_failure_data
        if failure is not None and failure.description:
            yield failure.description
            continue
        cause = data.error.cause or data.error if data.error is not None else None
        said = cause.message.strip() if cause is not None else "no reason was recorded"
        step = event.step_key or "run"
        if step.endswith(GATE_SUFFIX):
            yield gate_failure(settings, step.removesuffix(GATE_SUFFIX), result.run_id, said)
        else:
            yield f"{step}: {said}"
