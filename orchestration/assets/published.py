"""The published version: the only thing that readers open."""

from collections.abc import Sequence
from datetime import timedelta

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    FreshnessPolicy,
    MaterializeResult,
    PartitionsDefinition,
    ResourceParam,
    asset,
)

from orchestration.assets.failures import as_failure
from orchestration.assets.names import CUSTOMER_VALUE, ONE_RUN, RETRIES, WRITER_POOL
from orchestration.pipeline import Bank

# A business day's marts are published the next morning; weekends and holidays add to that.
FRESH_WITHIN = timedelta(days=4)
LATE_AFTER = timedelta(days=2)


def published_asset(
    marts: Sequence[AssetKey], partitions: PartitionsDefinition
) -> AssetsDefinition:
    """One asset for the whole version: it is swapped in at once or not at all."""

    @asset(
        key=["published", "version"],
        group_name="published",
        deps=list(marts),
        partitions_def=partitions,
        backfill_policy=ONE_RUN,
        retry_policy=RETRIES,
        owners=[CUSTOMER_VALUE],
        kinds={"duckdb", "parquet"},
        pool=WRITER_POOL,
        freshness_policy=FreshnessPolicy.time_window(
            fail_window=FRESH_WITHIN, warn_window=LATE_AFTER
        ),
        description=(
            "Versioned, read-only copy of all published marts, swapped in atomically. "
            "BI tools connect to published/tenure.duckdb."
        ),
    )
    def version(
        context: AssetExecutionContext, bank: ResourceParam[Bank]
    ) -> MaterializeResult[None]:
        with as_failure():
            published = bank.publish()
        return MaterializeResult(
            metadata={
                "version": published.record.version,
                "as of": str(published.record.as_of),
                "new": published.created,
                "rows": sum(table.rows or 0 for table in published.record.tables),
            }
        )

    return version
