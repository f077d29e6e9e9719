"""The raw layer: every table of the landing contract, loaded together."""

from collections.abc import Iterator

from dagster import (
    AssetExecutionContext,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    PartitionsDefinition,
    ResourceParam,
    multi_asset,
)

from orchestration.assets.failures import as_failure
from orchestration.assets.names import DATA_ENGINEERING, ONE_RUN, WRITER_POOL
from orchestration.landing.contract import Contract
from orchestration.partitions import requested_window
from orchestration.pipeline import Bank


def raw_assets(contract: Contract, partitions: PartitionsDefinition) -> AssetsDefinition:
    """One asset per table; they are loaded in one step, since a delivery is judged as a whole."""
    specs = [
        AssetSpec(
            ["raw", name],
            group_name="raw",
            description=f"Landed: {table.grain}.",
            owners=[DATA_ENGINEERING],
            kinds={"duckdb"},
            metadata={"key": ", ".join(table.key), "happened": table.happened},
        )
        for name, table in contract.tables.items()
    ]

    @multi_asset(
        name="load_raw",
        specs=specs,
        partitions_def=partitions,
        backfill_policy=ONE_RUN,
        pool=WRITER_POOL,
    )
    def load_raw(
        context: AssetExecutionContext, bank: ResourceParam[Bank]
    ) -> Iterator[MaterializeResult[None]]:
        with as_failure():
            report = bank.load_raw(requested_window(context))
        for name in contract.tables:
            table = report.tables.get(name)
            yield MaterializeResult(
                asset_key=["raw", name],
                metadata={"files": sum(table.files.values()), **table.rows} if table else {},
            )

    return load_raw
