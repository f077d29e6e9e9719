"""Somebody keeps the warehouse open: a run waits for them, and says who they are."""

from __future__ import annotations

import pytest

from orchestration.run import run_days
from orchestration.warehouse import WarehouseBusy, open_warehouse
from tests.orchestration.conftest import DAYS
from tests.support.home import Home
from tests.support.other_process import opened_by_another_process
from tests.support.tiny_bank import day

pytestmark = pytest.mark.slow


def test_a_run_waits_for_who_looks_at_the_warehouse(copy_of_bank: Home) -> None:
    with opened_by_another_process(copy_of_bank, read_only=True, seconds=2):
        outcome = run_days(copy_of_bank.settings, day(DAYS - 1), day(DAYS - 1))
    assert outcome.succeeded, outcome.failures


def test_a_run_that_waited_long_enough_names_them(copy_of_bank: Home) -> None:
    home = Home(copy_of_bank.settings.home, writer_wait_seconds=0)
    with opened_by_another_process(home, read_only=True) as holder:
        outcome = run_days(home.settings, day(DAYS - 1), day(DAYS - 1))
    assert not outcome.succeeded
    (said,) = outcome.failures
    assert f"process {holder} keeps" in said
    assert "close it there and run again" in said


def test_who_only_looks_waits_a_moment(copy_of_bank: Home) -> None:
    with (
        opened_by_another_process(copy_of_bank, seconds=1),
        open_warehouse(copy_of_bank.settings, read_only=True) as con,
    ):
        assert con.execute("select count(*) from control.marks").fetchone()
    with (
        opened_by_another_process(copy_of_bank),
        pytest.raises(WarehouseBusy, match="a run is writing"),
        open_warehouse(copy_of_bank.settings, read_only=True),
    ):
        pass
