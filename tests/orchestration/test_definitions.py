"""What the UI shows: every table in its group, owned, described, partitioned and gated."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from dagster import (
    AssetCheckKey,
    AssetKey,
    BackfillPolicy,
    DailyPartitionsDefinition,
    Definitions,
    build_resources,
)

from orchestration.assets.names import WRITER_POOL
from orchestration.build import build_defs
from orchestration.dbt.checks import check_keys_of_tests
from orchestration.dbt.translator import LayerTranslator
from orchestration.jobs import DAILY
from orchestration.pipeline import Bank
from orchestration.resources import bank_resource
from orchestration.settings import load_settings
from tests.support.home import Home, parsed_project

GATED = ("policy", "raw", "staging", "facts", "marts", "fits", "forward")


@pytest.fixture(scope="module")
def defs(bank_home: Home) -> Definitions:
    return build_defs(bank_home.settings)


def test_the_definitions_can_be_loaded(defs: Definitions) -> None:
    Definitions.validate_loadable(defs)


def test_every_asset_is_in_a_layer_owned_described_and_partitioned(defs: Definitions) -> None:
    graph = defs.resolve_asset_graph()
    assert {graph.get(key).group_name for key in graph.materializable_asset_keys} == {
        *GATED,
        "published",
    }
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.owners, key
        assert node.description, key
        assert all(pool == WRITER_POOL for pool in node.pools), key
        if node.group_name == "policy":
            assert node.partitions_def is None, key
        else:
            assert isinstance(node.partitions_def, DailyPartitionsDefinition), key
            assert node.backfill_policy == BackfillPolicy.single_run(), key


def test_every_table_of_a_layer_carries_the_gate_and_it_blocks(defs: Definitions) -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        layer = graph.get(key).group_name
        if layer in GATED:
            check = AssetCheckKey(key, f"{layer}_gate")
            assert graph.get_check_spec(check).blocking, check


def test_a_layers_tables_wait_for_the_layer_before(defs: Definitions) -> None:
    graph = defs.resolve_asset_graph()
    before = {
        "staging": "raw", "facts": "staging", "marts": "facts", "fits": "marts", "forward": "fits",
        "published": "forward",
    }  # fmt: skip
    for layer, upstream in before.items():
        parents = {
            graph.get(parent).group_name
            for key in graph.materializable_asset_keys
            if graph.get(key).group_name == layer
            for parent in graph.get(key).parent_keys
        }
        assert upstream in parents
        assert parents <= {layer, upstream, "policy", "staging", "marts"}, layer


def test_the_daily_job_runs_everything_with_its_checks(defs: Definitions) -> None:
    graph = defs.resolve_asset_graph()
    job = defs.resolve_job_def(DAILY)
    assert set(job.asset_layer.executable_asset_keys) == set(graph.materializable_asset_keys)
    assert set(job.asset_layer.asset_graph.asset_check_keys) == set(graph.asset_check_keys)


def test_partitions_begin_on_the_first_day_in_the_banks_own_time(defs: Definitions) -> None:
    partitions = defs.resolve_job_def(DAILY).partitions_def
    assert isinstance(partitions, DailyPartitionsDefinition)
    assert partitions.get_first_partition_key() == "2024-01-18"
    assert partitions.timezone == "Asia/Shanghai"


def test_the_schedule_runs_in_the_morning_of_the_business_day(defs: Definitions) -> None:
    schedule = defs.resolve_schedule_def("every_morning")
    assert schedule.cron_schedule == "0 5 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"


def test_every_dbt_test_is_a_check_of_its_table(defs: Definitions) -> None:
    """Dagster names them; ours must be the same names, or results would get lost."""
    declared = set(defs.resolve_asset_graph().asset_check_keys)
    manifest = parsed_project().manifest_json
    ours = check_keys_of_tests(manifest, LayerTranslator())
    tests = [name for name in manifest["nodes"] if name.startswith("test.")]
    assert sorted(ours) == sorted(tests)
    assert len(set(ours.values())) == len(tests)
    gates = {key for key in declared if key.name == f"{_layer(defs, key.asset_key)}_gate"}
    assert set(ours.values()) == declared - gates


def _layer(defs: Definitions, key: AssetKey) -> str | None:
    return defs.resolve_asset_graph().get(key).group_name


def test_resources_can_be_given(bank_home: Home) -> None:
    other = bank_resource(Bank(load_settings(home=Path("/elsewhere"))))
    assert build_defs(bank_home.settings, bank=other).resources == {"bank": other}


def test_a_run_works_under_the_settings_that_its_definitions_were_built_with(
    bank_home: Home,
) -> None:
    """Also where they are not the ones in the home's own file."""
    given = bank_home.settings.model_copy(update={"memory_limit": "777MB"})
    held = build_defs(given).resources["bank"]
    with build_resources({"bank": held}) as resources:
        assert resources.bank.settings == given


def test_another_first_day_is_another_first_partition(bank_home: Home) -> None:
    moved = bank_home.settings.model_copy(update={"first_day": date(2023, 5, 1)})
    partitions = build_defs(moved).resolve_job_def(DAILY).partitions_def
    assert partitions is not None
    assert partitions.get_first_partition_key() == "2023-05-01"
