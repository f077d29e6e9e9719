"""Running days from the command line: the same job that the UI runs, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from dagster import DagsterEventType, ExecuteInProcessResult
from sqlalchemy.exc import OperationalError

from expectations.judge import warm_up
from orchestration.build import build_defs
from orchestration.errors import TenureError
from orchestration.event_log import BatchedSqliteEventLogStorage
from orchestration.gates import GATE_SUFFIX
from orchestration.instance import open_instance
from orchestration.jobs import DAILY
from orchestration.partitions import RANGE_END, RANGE_START
from orchestration.reports.gate_failure import gate_failure
from orchestration.settings import Settings
from orchestration.stopping import stops_at_once

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


# A range longer than this is a history load: nobody looks for the days of it that are planned.
LONG_RANGE_DAYS = 31


class CannotRecord(TenureError):
    """Dagster cannot keep its records."""


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
        with stops_at_once(), _recording(settings):
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


@contextmanager
def _recording(settings: Settings) -> Iterator[None]:
    """Dagster's own records fail with a page of SQL where one sentence says it."""
    try:
        yield
    except OperationalError as error:
        raise CannotRecord(
            f"the run's records in {settings.home / 'dagster'} cannot be written ({error.orig}); "
            "make room or let this account write there, and run again"
        ) from error


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
