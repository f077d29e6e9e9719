"""The daily schedule, in the business time zone."""

from __future__ import annotations

from dagster import (
    DefaultScheduleStatus,
    ScheduleDefinition,
    build_schedule_from_partitioned_job,
)
from dagster._core.definitions.unresolved_asset_job_definition import (
    UnresolvedAssetJobDefinition,
)

from orchestration.settings import Settings


def daily_schedule(job: UnresolvedAssetJobDefinition, settings: Settings) -> ScheduleDefinition:
    """Every morning for the day before: days without deliveries are judged too."""
    schedule = build_schedule_from_partitioned_job(
        job,
        name="every_morning",
        hour_of_day=settings.schedule_hour,
        description="Runs yesterday's partition once its deliveries are in.",
        default_status=DefaultScheduleStatus.STOPPED,
    )
    assert isinstance(schedule, ScheduleDefinition)
    return schedule
