"""Gates as Dagster checks: one blocking check per table, all of a layer judged in one step.

A check on one table holds only that table's children, so a failed gate fails every table of its
layer; warnings stay with the table they speak of and never block.
"""

from collections.abc import Iterable, Sequence

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    MetadataValue,
    PartitionsDefinition,
    ResourceParam,
    TableRecord,
    multi_asset_check,
)

from expectations.check import CheckOutcome, Layer
from expectations.wording import expected, observed
from orchestration.assets.failures import as_failure
from orchestration.assets.names import WRITER_POOL
from orchestration.partitions import requested_window
from orchestration.pipeline import Bank

GATE_SUFFIX = "_gate"


def layer_gate(
    layer: Layer, keys: Sequence[AssetKey], partitions: PartitionsDefinition | None
) -> AssetChecksDefinition:
    """The gate behind a layer, over all of its tables."""
    name = layer + GATE_SUFFIX

    @multi_asset_check(
        name=name,
        specs=[
            AssetCheckSpec(
                name,
                asset=key,
                blocking=True,
                description=f"The gate of {layer} has passed for this partition.",
            )
            for key in keys
        ],
        can_subset=True,
        pool=WRITER_POOL,
    )
    def gate(
        context: AssetCheckExecutionContext, bank: ResourceParam[Bank]
    ) -> Iterable[AssetCheckResult]:
        with as_failure():
            verdict = bank.gate(
                layer, requested_window(context) if partitions else None, context.run.run_id
            )
        for key in sorted(check.asset_key for check in context.selected_asset_check_keys):
            yield check_result(name, key, verdict.outcomes, verdict.is_open)

    return gate


def check_result(
    name: str, key: AssetKey, outcomes: Sequence[CheckOutcome], is_open: bool
) -> AssetCheckResult:
    """One table's share of its layer's gate."""
    own = [outcome for outcome in outcomes if outcome.table == key.path[-1]]
    blocking = [outcome for outcome in outcomes if outcome.blocks]
    shown = own + [outcome for outcome in blocking if outcome not in own]
    return AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=is_open and all(outcome.passed for outcome in own),
        severity=AssetCheckSeverity.WARN if is_open else AssetCheckSeverity.ERROR,
        metadata={
            "checks": len(own),
            "results": MetadataValue.table([_record(outcome) for outcome in shown])
            if shown
            else "nothing is checked of this table alone",
        },
    )


def _record(outcome: CheckOutcome) -> TableRecord:
    return TableRecord(
        {
            "check": outcome.check,
            "passed": outcome.passed,
            "severity": outcome.severity,
            "observed": observed(outcome.observed, outcome.unit),
            "expected": expected(outcome.expected, outcome.unit),
            "failing rows": outcome.failing_rows or 0,
            "samples": "; ".join(str(sample) for sample in outcome.samples[:5]),
            "reason": outcome.error or outcome.reason,
        }
    )
