"""What approvers say fits what they decide."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.landing.contract import load_contract
from orchestration.sample_bank.bank import Bank
from orchestration.sample_bank.companies import emit_decisions
from orchestration.sample_bank.options import Request

# Of an override an approver does not know whether it is for the better: neither may be said of it.
GOOD = {"new contract not in the statements yet", "support of the owner confirmed in writing"}
BAD = {"main customer lost", "lawsuit pending"}


@pytest.fixture
def said(tmp_path: Path) -> dict[str, set[str]]:
    """Reasons by what was decided, of ten thousand companies in one month."""
    start = date(2024, 1, 1)
    asked = {"customers": 1, "start": start, "months": 1, "seed": 7}
    request = Request(**asked, late_share=0, defect_share=0, file_format="csv")
    bank = Bank(request, load_contract(), tmp_path)
    bank.run(
        "create table people as select cid, n01('quality', cid, 0) as quality,"
        " 'corporate' as customer_type, date '2020-01-01' as opened_on, null::int as end_m"
        " from range(10_000) as r (cid)"
    )
    emit_decisions(bank, bank.months[0])
    return {
        decided: set(reasons)
        for decided, reasons in bank.run(
            "select coalesce(outlook, kind), list(reason) from pending_rating_decisions group by 1"
        ).fetchall()
    }


def test_reasons_point_the_way_of_what_was_decided(said: dict[str, set[str]]) -> None:
    assert said["positive"] == GOOD
    assert said["negative"] == BAD
    for decided in ("override", "withdrawal", "stable", "developing"):
        assert not said[decided] & (GOOD | BAD)


def test_every_decision_has_a_reason(said: dict[str, set[str]]) -> None:
    assert set(said) == {
        "override", "withdrawal", "positive", "stable", "negative", "developing"
    }  # fmt: skip
    assert all(reasons and None not in reasons for reasons in said.values())
