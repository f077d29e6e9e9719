"""How dbt nodes appear in Dagster: keyed and grouped by layer, owned by their dbt group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster import AssetKey
from dagster_dbt import DagsterDbtTranslator

OWNERS = {
    "warehouse": "data-engineering@bank.example",
    "customer_value": "customer-value@bank.example",
}
_LAYER_OF_SCHEMA = {"vault": "staging"}


class LayerTranslator(DagsterDbtTranslator):
    """Asset keys are [schema, name]; groups are layers."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """The place of the table in the warehouse."""
        return AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer."""
        schema: str = dbt_resource_props["schema"]
        return _LAYER_OF_SCHEMA.get(schema, schema)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The owner of the node's dbt group; policies belong to those who read the marts."""
        return [OWNERS[dbt_resource_props["config"].get("group") or "customer_value"]]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The description alone; the SQL stands in the project."""
        description: str = dbt_resource_props["description"]
        return description
