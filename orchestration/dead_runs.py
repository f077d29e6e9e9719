"""Runs that were killed: Dagster takes them for running, and what they hold for taken."""

from __future__ import annotations

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

_SAYS = "The process was stopped before the run ended. The next run does again what it left undone."


def bury_dead_runs(instance: DagsterInstance, own_run_id: str | None) -> None:
    """Marks runs as failed whose process is gone, and frees the pool slots they hold.

    Only for the holder of the writer lock: steps run under it, so every other run that has begun a
    step and not ended is dead. Without this the next run would wait for its slot for ever. A step
    holds its slot before the event log says that it began, so either tells.
    """
    holders = _holders(instance)
    begun = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED]
    started = instance.get_runs(filters=RunsFilter(statuses=begun))
    for run in started:
        if run.run_id == own_run_id:
            continue
        if run.run_id in holders or instance.get_run_step_stats(run.run_id):
            instance.report_run_failed(run, _SAYS)
    for run_id in holders - {own_run_id}:
        instance.event_log_storage.free_concurrency_slots_for_run(run_id)


def _holders(instance: DagsterInstance) -> set[str]:
    """Runs that hold a slot of any pool."""
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return set()
    return {
        slot.run_id
        for pool in storage.get_concurrency_keys()
        for slot in storage.get_concurrency_info(pool).claimed_slots
    }
