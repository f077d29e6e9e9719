"""The one place where the definitions are put together; tests and the command line use it too."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from dagster import (
    AssetKey,
    AssetsDefinition,
    BetaWarning,
    Definitions,
    PreviewWarning,
    in_process_executor,
)

from expectations.check import Layer
from orchestration.assets.fits import fits_asset
from orchestration.assets.published import published_asset
from orchestration.assets.raw import raw_assets
from orchestration.assets.scorecards import scorecard_job
from orchestration.dbt.assets import layer_assets, policy_assets
from orchestration.gates import layer_gate
from orchestration.jobs import daily_job
from orchestration.partitions import daily_partitions
from orchestration.pipeline import Bank
from orchestration.resources import bank_resource
from orchestration.schedules import daily_schedule
from orchestration.sensors import landing_sensor
from orchestration.settings import Settings, load_settings

DBT_LAYERS: tuple[Layer, ...] = ("staging", "facts", "marts", "forward")


def build_defs(settings: Settings | None = None, **resources: Any) -> Definitions:
    """Definitions for one home. `resources` override those that a run would get."""
    # Single-run backfills are marked beta: the release is capped, and tests hold what we use.
    for category in (BetaWarning, PreviewWarning):
        warnings.simplefilter("ignore", category)
    settings = settings or load_settings()
    bank = Bank(settings)
    contract = bank.contract
    manifest = bank.dbt.manifest_json
    partitions = daily_partitions(settings)
    job = daily_job(partitions)
    raw = raw_assets(contract, partitions)
    policy = policy_assets(manifest)
    layers: dict[Layer, AssetsDefinition] = {
        layer: layer_assets(layer, manifest, partitions) for layer in DBT_LAYERS
    }
    fits = fits_asset(partitions)
    gated: dict[Layer, AssetsDefinition] = {"raw": raw, **layers, "fits": fits}
    return Definitions(
        assets=[
            raw,
            policy,
            *layers.values(),
            fits,
            published_asset(_keys([layers["marts"], layers["forward"]]), partitions),
        ],
        asset_checks=[
            layer_gate("policy", _keys([policy]), None),
            *(layer_gate(name, _keys([assets]), partitions) for name, assets in gated.items()),
        ],
        jobs=[job, scorecard_job()],
        schedules=[daily_schedule(job, settings)],
        sensors=[landing_sensor(job, settings, contract)],
        resources={"bank": bank_resource(bank), **resources},
        # One process per run: imports and parsing are paid once, and one lock covers all steps.
        executor=in_process_executor,
    )


def _keys(assets: Iterable[AssetsDefinition]) -> list[AssetKey]:
    return sorted(key for definition in assets for key in definition.keys)
