"""One `@dbt_assets` per layer: with several layers in one step no gate between them would hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetMaterialization,
    AssetsDefinition,
    MaterializeResult,
    PartitionsDefinition,
    ResourceParam,
)
from dagster_dbt import dbt_assets

from orchestration.assets.failures import as_failure
from orchestration.assets.names import ONE_RUN, WRITER_POOL
from orchestration.dbt.checks import check_keys_of_tests
from orchestration.dbt.preview import table_metadata, tests_shown
from orchestration.dbt.project import LAYER_SELECTORS, NodeOutcome, NodesFailed
from orchestration.dbt.translator import LayerTranslator
from orchestration.partitions import requested_window
from orchestration.pipeline import Bank, LayerBuild

Events = Iterator[MaterializeResult[None] | AssetCheckResult]
_TRANSLATOR = LayerTranslator()


def policy_assets(manifest: Mapping[str, Any]) -> AssetsDefinition:
    """The policy seeds: validated as files, then loaded where they changed."""

    @dbt_assets(
        manifest=manifest,
        name="load_policy",
        select=LAYER_SELECTORS["policy"],
        dagster_dbt_translator=_TRANSLATOR,
        pool=WRITER_POOL,
    )
    def load_policy(context: AssetExecutionContext, bank: ResourceParam[Bank]) -> Events:
        with as_failure():
            build = bank.build_policy()
        yield from _materializations(context, bank, manifest, "policy", build)

    return load_policy


def layer_assets(
    layer: str, manifest: Mapping[str, Any], partitions: PartitionsDefinition
) -> AssetsDefinition:
    """A layer's models. The layer is built whole whatever part of it was selected."""

    @dbt_assets(
        manifest=manifest,
        name=f"build_{layer}",
        select=LAYER_SELECTORS[layer],
        partitions_def=partitions,
        backfill_policy=ONE_RUN,
        dagster_dbt_translator=_TRANSLATOR,
        pool=WRITER_POOL,
    )
    def build_layer(context: AssetExecutionContext, bank: ResourceParam[Bank]) -> Events:
        with as_failure():
            try:
                build = bank.build_layer(layer, requested_window(context))
            except NodesFailed as failed:
                yield from _test_results(context, manifest, failed.nodes)
                raise
        yield from _materializations(context, bank, manifest, layer, build)
        yield from _test_results(context, manifest, build.nodes)

    return build_layer


def _materializations(
    context: AssetExecutionContext,
    bank: Bank,
    manifest: Mapping[str, Any],
    layer: str,
    build: LayerBuild | None,
) -> Iterator[MaterializeResult[None]]:
    # A range records an event per table and day: they stay small.
    with_rows = not context.has_partition_key_range or _is_one_day(context)
    metadata = table_metadata(bank.settings, layer, with_rows)
    tests = tests_shown(bank.settings, layer)
    for unique_id, key in _selected(manifest, context.selected_asset_keys, build):
        node = {n.unique_id: n for n in build.nodes}.get(unique_id) if build else None
        built: dict[str, str | float] = {"seconds": round(node.seconds, 3)} if node else {}
        if build and layer != "policy":
            built |= {"from": str(build.window.start), "as of": str(build.window.as_of)}
        shown = tests.get(tuple(key.path), {})
        yield MaterializeResult(
            asset_key=key,
            metadata={
                **(shown if with_rows else {}),
                **metadata.get(tuple(key.path), {}),
                **built,
            },
        )
        if shown and not with_rows:
            # Of a range they stand once, in an event of its last day that comes last.
            last = context.partition_key_range.end
            context.log_event(
                AssetMaterialization(
                    key,
                    partition=last,
                    metadata={**shown, **metadata.get(tuple(key.path), {}), **built},
                )
            )


def _is_one_day(context: AssetExecutionContext) -> bool:
    keys = context.partition_key_range
    return bool(keys.start == keys.end)


def _selected(
    manifest: Mapping[str, Any], selected: set[AssetKey], build: LayerBuild | None
) -> list[tuple[str, AssetKey]]:
    """The selected tables in the order in which they were built, which Dagster insists on."""
    order = (
        [node.unique_id for node in build.nodes if node.resource_type in ("model", "seed")]
        if build
        else [name for name in manifest["nodes"] if name.startswith("seed.")]
    )
    keys = [(name, _TRANSLATOR.get_asset_key(manifest["nodes"][name])) for name in order]
    return [(name, key) for name, key in keys if key in selected]


def _test_results(
    context: AssetExecutionContext, manifest: Mapping[str, Any], nodes: list[NodeOutcome]
) -> Iterator[AssetCheckResult]:
    check_keys = check_keys_of_tests(manifest, _TRANSLATOR)
    for node in nodes:
        key = check_keys.get(node.unique_id)
        if key is None or key not in context.selected_asset_check_keys:
            continue
        yield AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=node.status in ("pass", "warn"),
            severity=AssetCheckSeverity.ERROR,
            metadata={"failing rows": node.failures or 0, "message": node.message},
        )
