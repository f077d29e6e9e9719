"""The jobs: the whole daily path, gates included."""

from __future__ import annotations

from dagster import (
    AssetSelection,
    PartitionsDefinition,
    define_asset_job,
)
from dagster._core.definitions.unresolved_asset_job_definition import (
    UnresolvedAssetJobDefinition,
)

DAILY = "daily"


def daily_job(partitions: PartitionsDefinition) -> UnresolvedAssetJobDefinition:
    """Everything from landing to the published version, for a day or a range of days."""
    return define_asset_job(
        DAILY,
        selection=AssetSelection.all(),
        partitions_def=partitions,
        description="Load a day's deliveries, build and gate every layer, publish.",
    )
