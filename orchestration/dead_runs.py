"""Runs that were killed: Dagster takes them for running, and what they hold for taken."""

from __future__ import annotations

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

_SAYS = "The process was stopped before the run ended. The next run does again what it left undone."


def bury_dead_runs(instance: DagsterInstance, own_run_id: str | None) -> None:
    """Marks runs as failed whose process is gone, and frees the pool slots they hold.

    Only for the holder of the writer lock: steps run under it, so every other run that has begun a
    step and not ended is dead. Without this the next run would wait for its slot for ever.
    """
    started = instance.get_runs(filters=RunsFilter(statuses=[DagsterRunStatus.STARTED]))
    for run in started:
        if run.run_id != own_run_id and instance.get_run_step_stats(run.run_id):
            instance.report_run_failed(run, _SAYS)
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return
    for pool in storage.get_concurrency_keys():
        holders = {slot.run_id for slot in storage.get_concurrency_info(pool).claimed_slots}
        for run_id in holders - {own_run_id}:
            storage.free_concurrency_slots_for_run(run_id)
