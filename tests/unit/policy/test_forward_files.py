"""Broken policies of forward value, each with the file, line and column that must be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.policy.broken import LINES, PARAMETER, Broken
from tests.unit.policy.naming import require_named

MODEL = "policy_forward_model.csv"

CASES = [
    Broken("unknown model", MODEL, "account,best", "account,oracle", 3, "model", "value", "naive"),
    Broken("unknown population", MODEL, "account,best", "people,best", 3, "population", "value",
           "contract"),
    Broken("prospects stay", MODEL, "prospect,chain", "prospect,naive", 2, "model", "value",
           "use chain"),
    Broken("purchases of who has none", MODEL, "account,best", "account,pareto", 3, "model",
           "value", "population payments"),
    Broken("prospects have no best", MODEL, "prospect,chain", "prospect,best", 2, "model", "value",
           "use chain"),
    Broken("population ends", MODEL, "contract,retention,2019-01-01,",
           "contract,retention,2019-01-01,2025-01-01", 4, "population", "order",
           "no contract on 2025-01-01"),
    Broken("an interval of everything", PARAMETER, "forward_interval_share,0.9",
           "forward_interval_share,1", LINES["forward_interval_share"], "value", "value",
           "between 0 and 1"),
    Broken("no horizon", PARAMETER, "forward_horizon_months,240", "forward_horizon_months,0",
           LINES["forward_horizon_months"], "value", "value", "from 1 to 240"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_named_by_line_and_column(policies: Path, case: Broken) -> None:
    require_named(policies, case)
