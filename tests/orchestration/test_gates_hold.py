"""Promise 6, in Dagster itself: behind a closed gate nothing is built, also by a later run that
selects only what lies behind it, and readers keep what they have."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from dagster import AssetCheckSeverity, AssetKey
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.dbt.project import DbtProject, NodeOutcome
from orchestration.instance import open_instance
from orchestration.publish.versions import current_name
from orchestration.settings import REPOSITORY
from orchestration.state import read_mark
from orchestration.warehouse import open_warehouse
from tests.orchestration.conftest import DAYS
from tests.support.dagster_runs import Ran, layer_keys, run_job
from tests.support.home import Home
from tests.support.tiny_bank import day

pytestmark = pytest.mark.slow

LAST = day(DAYS - 1)
REFUSED = {f"channel_logins/{LAST}/refused.csv": "customer_id,channel,logins\nC000,net,1\n"}
BEHIND_RAW = {"staging", "facts", "marts", "fits", "forward", "published"}


def test_a_run_builds_gates_and_publishes_every_layer(ran: Ran, bank_home: Home) -> None:
    assert ran.succeeded, ran.failures
    assert ran.layers == {"policy", "raw", "vault"} | BEHIND_RAW
    gates = [check for check in ran.checks if check.check_name.endswith("_gate")]
    tables = {key for key in ran.materialized if key.path[0] != "published"}
    assert {check.asset_key for check in gates} == tables
    assert current_name(bank_home.settings.published_dir) is not None


@pytest.mark.slow
def test_a_refused_file_closes_the_gate_until_somebody_accepts_it(copy_of_bank: Home) -> None:
    home = copy_of_bank
    settings, before = home.settings, current_name(home.settings.published_dir)
    home.land(REFUSED)

    refused = run_job(settings, LAST)
    assert not refused.succeeded
    assert refused.layers == {"policy", "raw"}
    assert "raw_gate" in {check.check_name for check in refused.checks if not check.passed}
    assert current_name(settings.published_dir) == before

    alone = run_job(settings, LAST, selection=layer_keys(settings, "staging"))
    assert not alone.succeeded
    assert "gate of raw" in alone.failures
    assert f"tenure accept raw {LAST}" in alone.failures
    for layer in ("facts", "marts", "fits", "forward"):
        further = run_job(settings, LAST, selection=layer_keys(settings, layer))
        assert not further.succeeded
        assert f"tenure run --date {LAST}" in further.failures
        assert not further.layers
    assert current_name(settings.published_dir) == before

    accept = ["accept", "raw", str(LAST), "--reason", "no logins", "--home", str(settings.home)]
    accepted = CliRunner().invoke(app, accept)
    assert accepted.exit_code == 0, accepted.output
    again = CliRunner().invoke(app, accept)
    assert "accepted already" in str(again.exception)
    opened = run_job(settings, LAST)
    assert opened.succeeded, opened.failures
    assert current_name(settings.published_dir) != before


@pytest.mark.slow
def test_a_warning_is_shown_and_holds_nobody_up(copy_of_bank: Home) -> None:
    copy_of_bank.land(
        {
            f"channel_logins/{LAST}/more.csv": "customer_id,channel,login_on,logins,mood\n"
            f"C000,net,{LAST},1,fine\n"
        }
    )
    ran = run_job(copy_of_bank.settings, LAST)
    assert ran.succeeded, ran.failures
    assert ran.layers >= BEHIND_RAW
    (warning,) = (
        check
        for check in ran.checks
        if (check.asset_key, check.check_name) == (AssetKey(["raw", "channel_logins"]), "raw_gate")
    )
    assert not warning.passed
    assert warning.severity is AssetCheckSeverity.WARN


@pytest.mark.slow
def test_a_failing_dbt_test_fails_its_check_and_closes_the_layer(
    copy_of_bank: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = copy_of_bank.settings
    build, broken = DbtProject.build, "stg_customers_key"

    def one_test_fails(
        self: DbtProject, layer: str, variables: dict[str, str]
    ) -> Sequence[NodeOutcome]:
        return [
            NodeOutcome(**vars(node) | {"status": "fail", "failures": 7, "message": "7 rows"})
            if node.name == broken
            else node
            for node in build(self, layer, variables)
        ]

    with monkeypatch.context() as patch:
        patch.setattr(DbtProject, "build", one_test_fails)
        failed = run_job(settings, LAST)
    assert not failed.succeeded
    assert f"{broken}: 7 rows" in failed.failures
    assert {check.check_name for check in failed.checks if not check.passed} == {broken}
    assert failed.layers == {"policy", "raw"}

    behind = run_job(settings, LAST, selection=layer_keys(settings, "facts"))
    assert not behind.succeeded
    assert "staging" in behind.failures
    repaired = run_job(settings, LAST)
    assert repaired.succeeded, repaired.failures


@pytest.mark.slow
def test_invalid_policies_stop_a_run_before_anything_is_loaded(
    copy_of_bank: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = tmp_path / "policy"
    shutil.copytree(REPOSITORY / "dbt_project" / "seeds" / "policy", policies)
    bounds = policies / "policy_tier_bound.csv"
    bounds.write_text(bounds.read_text().replace(",50000,", ",fifty,"))
    monkeypatch.setattr(DbtProject, "policy_dir", lambda self: policies)

    ran = run_job(copy_of_bank.settings, LAST)
    assert not ran.succeeded
    assert ran.layers == set()
    assert "policy_tier_bound.csv:3" in ran.failures
    with open_warehouse(copy_of_bank.settings, read_only=True) as con:
        loaded = read_mark(con, "raw")
    assert loaded is not None
    assert loaded.through < LAST


@pytest.mark.slow
def test_one_selected_table_builds_its_layer_and_reports_only_itself(copy_of_bank: Home) -> None:
    settings = copy_of_bank.settings
    key = AssetKey(["facts", "fct_customer_month"])
    ran = run_job(settings, day(DAYS - 2), selection=[key.path])
    assert ran.succeeded, ran.failures
    assert ran.materialized == {key}
    behind = run_job(settings, day(DAYS - 2), selection=layer_keys(settings, "marts"))
    assert behind.succeeded, behind.failures


@pytest.mark.slow
def test_a_range_is_one_run_that_records_every_partition(
    empty_home: Callable[..., Home], bank_home: Home
) -> None:
    home = empty_home()
    home.land_like(bank_home)
    ran = run_job(home.settings, day(0), day(29))
    assert ran.succeeded, ran.failures
    days = {str(day(index)) for index in range(30)}
    for key in (["raw", "customers"], ["marts", "tier_month"], ["published", "version"]):
        partitions = {
            event.partition
            for event in ran.result.get_asset_materialization_events()
            if event.asset_key == AssetKey(key)
        }
        assert partitions == days, key
    with open_instance(home.settings) as instance:
        run = instance.get_run_by_id(ran.result.run_id)
    assert run is not None
    assert run.tags["days"] == f"{day(0)} to {day(29)}", "the list of runs shows it"
