"""Dagster resources: the bank that a run works on, held under the writer lock."""

from __future__ import annotations

from collections.abc import Iterator

from dagster import InitResourceContext, ResourceDefinition, resource

from orchestration.dead_runs import bury_dead_runs
from orchestration.partitions import PARTITION, RANGE_END, RANGE_START
from orchestration.pipeline import Bank
from orchestration.writer_lock import writer_lock


def bank_resource(bank: Bank) -> ResourceDefinition:
    """The bank that the definitions were built for: its settings and its parsed project."""

    @resource(description="One home, written by one run at a time.")
    def held(context: InitResourceContext) -> Iterator[Bank]:
        """Takes the writer lock before the first step and gives it back after the last."""
        settings = bank.settings
        _name_days(context)
        with writer_lock(settings.lock_path, settings.writer_wait_seconds):
            if context.instance is not None:
                bury_dead_runs(context.instance, context.run_id)
            yield bank

    return held


def _name_days(context: InitResourceContext) -> None:
    """Tags the run with its days: the list of runs hides Dagster's own names for them."""
    run = context.dagster_run
    if run is None or context.instance is None:
        return
    first = run.tags.get(RANGE_START) or run.tags.get(PARTITION)
    last = run.tags.get(RANGE_END) or first
    if first:
        days = first if first == last else f"{first} to {last}"
        context.instance.add_run_tags(run.run_id, {"days": days})
