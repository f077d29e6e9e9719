"""A layer's gate: its suite's numbers for a window, judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import duckdb

from expectations import facts, fits, forward, marts, policy, raw, staging
from expectations.check import CheckOutcome, Layer, Measurement, Probe
from expectations.judge import judge
from expectations.measure import measure
from orchestration.settings import Settings
from orchestration.state import Window

Suite = Callable[[duckdb.DuckDBPyConnection, Window, Settings], list[Probe]]

_SUITES: dict[str, Suite] = {
    "raw": raw.probes,
    "staging": staging.probes,
    "facts": facts.probes,
    "marts": marts.probes,
    "fits": fits.probes,
    "forward": forward.probes,
}


def run_gate(
    con: duckdb.DuckDBPyConnection, layer: Layer, window: Window, settings: Settings
) -> list[CheckOutcome]:
    """Every check of the layer for the days of the window.

    Reads with the given connection, which must be the only one that may write: another
    connection sees torn tables while one is being written.
    """
    return judge(layer, _measure(con, layer, window, settings))


def _measure(
    con: duckdb.DuckDBPyConnection, layer: Layer, window: Window, settings: Settings
) -> list[Measurement]:
    if layer == "policy":
        return policy.measurements(settings.dbt_project_dir / "seeds" / "policy")
    return measure(con, _SUITES[layer](con, window, settings))


def passed(outcomes: Iterable[CheckOutcome]) -> bool:
    """Whether the next layer may be built: nothing broken, no error-level check failed."""
    return not any(outcome.blocks for outcome in outcomes)
