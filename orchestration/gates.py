"""Gates as Dagster checks: one blocking check per table, all of a layer judged in one step.

A check on one table holds only that table's children, so a failed gate fails every table of its
layer; warnings stay with the table they speak of and never block. What is said of no table of the
layer, such as a day on which nothing came, stands with the first one: it has to stand somewhere.
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
from orchestration.gatekeeper import GateVerdict, judge_layer
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
                description=f"The gate of {layer} has passed for the days of this run.",
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
            window = requested_window(context) if partitions else None
            verdict = judge_layer(bank.settings, layer, window, context.run.run_id)
        selected = sorted(check.asset_key for check in context.selected_asset_check_keys)
        for key, own in shares(selected, keys, verdict.outcomes).items():
            yield check_result(name, key, own, verdict, judged_by_day=partitions is not None)

    return gate


def shares(
    selected: Sequence[AssetKey], keys: Sequence[AssetKey], outcomes: Sequence[CheckOutcome]
) -> dict[AssetKey, list[CheckOutcome]]:
    """Per selected key what is said of its table; the first also has what is said of no table."""
    tables = {key.path[-1] for key in keys}
    return {
        key: [
            outcome
            for outcome in outcomes
            if outcome.table == key.path[-1] or (key == selected[0] and outcome.table not in tables)
        ]
        for key in selected
    }


def check_result(
    name: str,
    key: AssetKey,
    own: Sequence[CheckOutcome],
    verdict: GateVerdict,
    *,
    judged_by_day: bool = True,
) -> AssetCheckResult:
    """One table's share of its layer's gate: what is said of it, and whatever closes the gate."""
    blocking = [outcome for outcome in verdict.outcomes if outcome.blocks]
    shown = [*own, *(outcome for outcome in blocking if outcome not in own)]
    first, through = verdict.window.start, verdict.window.as_of
    days = f"{first}" if first == through else f"{first} to {through}"
    return AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=verdict.is_open and all(outcome.passed for outcome in own),
        severity=AssetCheckSeverity.WARN if verdict.is_open else AssetCheckSeverity.ERROR,
        metadata={
            # As text: of a number the interface would draw a curve.
            "checks": f"{len(own)}",
            **({"days judged": days} if judged_by_day else {}),
            "results": MetadataValue.table([_record(outcome) for outcome in shown])
            if shown
            else "nothing is checked of this table alone",
        },
    )


def _record(outcome: CheckOutcome) -> TableRecord:
    return TableRecord(
        {
            "check": outcome.check,
            "table": outcome.table,
            "passed": outcome.passed,
            "severity": outcome.severity,
            "observed": observed(outcome.observed, outcome.unit),
            "expected": expected(outcome.expected, outcome.unit),
            "failing rows": outcome.failing_rows or 0,
            "samples": "; ".join(str(sample) for sample in outcome.samples[:5]),
            "reason": outcome.error or outcome.reason,
        }
    )
