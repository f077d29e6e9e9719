"""Dagster resources: the bank that a run works on, held under the writer lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import ConfigurableResource, InitResourceContext
from pydantic import PrivateAttr

from orchestration.pipeline import Bank
from orchestration.settings import load_settings
from orchestration.writer_lock import writer_lock


class BankResource(ConfigurableResource["BankResource"]):
    """One home, opened for writing for as long as the process executes steps of the run."""

    home: str
    _bank: Bank = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator[BankResource]:
        """Takes the writer lock before the first step and gives it back after the last."""
        settings = load_settings(home=self.home)
        with writer_lock(settings.lock_path, settings.writer_wait_seconds):
            self._bank = Bank(settings)
            yield self

    @property
    def bank(self) -> Bank:
        """The steps over this home."""
        return self._bank
