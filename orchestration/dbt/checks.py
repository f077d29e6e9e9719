"""Which Dagster check each dbt test reports to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster import AssetCheckKey
from dagster_dbt import DagsterDbtTranslator

# Private to dagster-dbt, which names the check specs by it: pinned, and held by a test.
from dagster_dbt.asset_utils import get_asset_check_key_for_test


def check_keys_of_tests(
    manifest: Mapping[str, Any], translator: DagsterDbtTranslator
) -> dict[str, AssetCheckKey]:
    """From the unique id of each data test to the check that `@dbt_assets` declared for it."""
    keys = {
        unique_id: get_asset_check_key_for_test(manifest, translator, unique_id, None)
        for unique_id in manifest["nodes"]
        if unique_id.startswith("test.")
    }
    return {unique_id: key for unique_id, key in keys.items() if key is not None}
