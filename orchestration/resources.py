"""Dagster resources: the bank that a run works on, held under the writer lock."""

from __future__ import annotations

from collections.abc import Iterator

from dagster import InitResourceContext, ResourceDefinition, resource

from orchestration.pipeline import Bank
from orchestration.writer_lock import writer_lock


def bank_resource(bank: Bank) -> ResourceDefinition:
    """The bank that the definitions were built for: its settings and its parsed project."""

    @resource(description="One home, written by one run at a time.")
    def held(_: InitResourceContext) -> Iterator[Bank]:
        """Takes the writer lock before the first step and gives it back after the last."""
        settings = bank.settings
        with writer_lock(settings.lock_path, settings.writer_wait_seconds):
            yield bank

    return held
