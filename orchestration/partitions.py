"""The daily partitions, and what a selection of them asks for."""

from __future__ import annotations

from datetime import date

from dagster import AssetCheckExecutionContext, AssetExecutionContext, DailyPartitionsDefinition

from orchestration.settings import Settings
from orchestration.state import ONE_DAY, Window

# Dagster's own names for what a run was asked for: a partition, or the ends of a range.
PARTITION = "dagster/partition"
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


def daily_partitions(settings: Settings) -> DailyPartitionsDefinition:
    """One partition per business day of delivery, in the bank's own time zone."""
    return DailyPartitionsDefinition(
        start_date=settings.first_day.isoformat(), timezone=settings.business_time_zone
    )


def window_of_keys(first: str, last: str) -> Window:
    """The half-open window that partitions `first` to `last`, both included, ask for."""
    return Window(date.fromisoformat(first), date.fromisoformat(last) + ONE_DAY)


def requested_window(context: AssetExecutionContext | AssetCheckExecutionContext) -> Window:
    """The window that a step was asked for: one partition, or a range in a single run."""
    keys = context.partition_key_range
    return window_of_keys(keys.start, keys.end)
