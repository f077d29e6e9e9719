"""Dagster's own home, kept inside the bank's."""

from __future__ import annotations

import os
from pathlib import Path

from dagster import DagsterInstance

from orchestration.event_log import BATCH_SIZE, BATCH_VARIABLE
from orchestration.settings import Settings

_CONFIG = Path(__file__).with_name("dagster.yaml")


def prepare_dagster_home(settings: Settings) -> Path:
    """Creates <home>/dagster with the project's configuration and points Dagster at it."""
    home = settings.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(_CONFIG.read_text().replace("{home}", str(home)))
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ.setdefault(BATCH_VARIABLE, str(BATCH_SIZE))
    return home


def open_instance(settings: Settings) -> DagsterInstance:
    """The instance whose runs, checks and partitions the UI shows."""
    prepare_dagster_home(settings)
    return DagsterInstance.get()
