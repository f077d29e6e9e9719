"""The landing sensor: one run for all that waits, and only once for the same state."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from dagster import DagsterInstance, RunRequest, SkipReason, build_sensor_context

from orchestration.build import build_defs
from tests.support.home import Home
from tests.support.other_process import opened_by_another_process
from tests.support.tiny_bank import day

HEADER = "account_id,balance_on,closing_balance\n"
BALANCES = "account_balances/{}/{}.csv"


@pytest.fixture
def home(empty_home: Callable[..., Home]) -> Home:
    return empty_home()


def looked(home: Home) -> RunRequest | SkipReason:
    """What the sensor says now."""
    defs = build_defs(home.settings)
    with DagsterInstance.ephemeral() as instance:
        context = build_sensor_context(instance, repository_def=defs.get_repository_def())
        ticked = defs.resolve_sensor_def("new_deliveries").evaluate_tick(context)
    if ticked.run_requests:
        (request,) = ticked.run_requests
        return request
    return SkipReason(ticked.skip_message)


def load(home: Home) -> None:
    """Loads what waits, as a run does."""
    home.run(day(9), day(9), ["raw"])


def test_an_empty_landing_is_skipped(home: Home) -> None:
    assert looked(home) == SkipReason("nothing new in landing")


def test_new_deliveries_ask_for_the_newest_day_of_them(home: Home) -> None:
    home.land({BALANCES.format(day(3), "a"): HEADER, BALANCES.format(day(5), "a"): HEADER})
    request = looked(home)
    assert isinstance(request, RunRequest)
    assert request.partition_key == str(day(5))
    assert looked(home) == request, "the same state must give the same key"


def test_what_is_loaded_is_not_asked_for_again(home: Home) -> None:
    home.land({BALANCES.format(day(3), "a"): HEADER})
    load(home)
    assert isinstance(looked(home), SkipReason)


def test_a_changed_file_and_one_more_are_other_states(home: Home) -> None:
    path = BALANCES.format(day(3), "a")
    home.land({path: HEADER})
    keys = [looked(home).run_key]
    load(home)
    home.land({path: HEADER + f"A,{day(2)},1.00\n"})
    keys.append(looked(home).run_key)
    home.land({BALANCES.format(day(3), "b"): HEADER + f"B,{day(2)},1.00\n"})
    keys.append(looked(home).run_key)
    assert len(set(keys)) == 3


def test_a_touched_file_with_the_same_content_is_not_new(home: Home) -> None:
    home.land({BALANCES.format(day(3), "a"): HEADER})
    load(home)
    os.utime(home.settings.landing_dir / BALANCES.format(day(3), "a"), (1, 1))
    assert isinstance(looked(home), SkipReason)


def test_todays_files_wait_until_the_day_is_over(home: Home) -> None:
    today = datetime.now(ZoneInfo(home.settings.business_time_zone)).date()
    home.land({BALANCES.format(today, "a"): HEADER, BALANCES.format("2199-01-01", "a"): ""})
    assert isinstance(looked(home), SkipReason)


def test_a_folder_before_the_first_day_is_no_delivery(home: Home) -> None:
    home.land({BALANCES.format("2023-12-31", "a"): HEADER})
    assert looked(home) == SkipReason("nothing new in landing")


@pytest.mark.slow
def test_a_writing_run_is_not_disturbed(home: Home) -> None:
    home.land({BALANCES.format(day(3), "a"): HEADER})
    load(home)
    with opened_by_another_process(home):
        skipped = looked(home)
    assert isinstance(skipped, SkipReason)
    assert "writing" in str(skipped.skip_message)
