"""The landing sensor: deliveries that nobody has loaded yet start a run."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb
from dagster import (
    DefaultSensorStatus,
    RunRequest,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import (
    UnresolvedAssetJobDefinition,
)

from orchestration.landing.contract import Contract
from orchestration.landing.folder import Delivery
from orchestration.landing.load import pending
from orchestration.settings import Settings
from orchestration.state import ONE_DAY
from orchestration.warehouse import WarehouseBusy, open_warehouse


def landing_sensor(
    job: UnresolvedAssetJobDefinition,
    settings: Settings,
    contract: Contract,
) -> SensorDefinition:
    """One run for all that waits: a run for a day also loads what is pending before it."""

    @sensor(
        job=job,
        name="new_deliveries",
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.STOPPED,
        description="Runs the newest day with deliveries that are new, changed or sent again.",
    )
    def new_deliveries(
        context: SensorEvaluationContext,
    ) -> Iterator[RunRequest | SkipReason]:
        yesterday = datetime.now(ZoneInfo(settings.business_time_zone)).date() - ONE_DAY
        try:
            waiting = waiting_deliveries(settings, contract, yesterday)
        except WarehouseBusy:
            yield SkipReason("a run is writing; it will be looked at afterwards")
            return
        if not waiting:
            yield SkipReason("nothing new in landing")
            return
        newest = max(delivery.loaded_on for delivery in waiting)
        mark = max(delivery.modified_ns for delivery in waiting)
        yield RunRequest(
            run_key=f"{newest}-{len(waiting)}-{mark}", partition_key=newest.isoformat()
        )

    return new_deliveries


def waiting_deliveries(settings: Settings, contract: Contract, through: date) -> list[Delivery]:
    """Deliveries up to a day that no run has loaded yet.

    Raises WarehouseBusy while another process writes the warehouse.
    """
    if not settings.warehouse_path.exists():
        with duckdb.connect() as nothing_loaded:
            return pending(settings, contract, nothing_loaded, through)
    with open_warehouse(settings, read_only=True) as con:
        return pending(settings, contract, con, through)
