"""Who passes a gate: a layer is judged where it was built, and a person may let it through.

Gates look at marks and tables alone, so they ask neither how a layer is built nor by whom.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

import duckdb

from expectations.check import CheckOutcome, Layer
from expectations.docs import build_docs
from expectations.gate import passed as passes
from expectations.gate import run_gate
from expectations.results import record, recorded_verdict
from expectations.waivers import accepted_through, is_waived, waive
from orchestration.errors import StepFailed
from orchestration.settings import Settings
from orchestration.state import (
    ONE_DAY,
    Window,
    first_changed_since,
    first_day_known,
    is_building,
    next_window,
    read_mark,
    write_mark,
    writing,
)
from orchestration.warehouse import require_warehouse
from orchestration.wording import few

log = logging.getLogger("tenure")

PASSED = ".passed"


@dataclass(frozen=True)
class GateVerdict:
    """What a gate found, and whether later steps may pass it."""

    window: Window
    outcomes: list[CheckOutcome]
    is_open: bool


def judge_layer(
    settings: Settings, layer: Layer, requested: Window | None, run_id: str
) -> GateVerdict:
    """Judges what a layer was built from since it last passed; a pass leaves its own mark.

    Without a requested window, as for the policies, only what is new is judged.
    """
    with writing(settings) as con:
        built = read_mark(con, layer)
        if built is None or is_building(con, layer):
            raise StepFailed(f"{layer} is not built: run it before its gate")
        passed = read_mark(con, layer + PASSED)
        newest = Window(built.through, built.through + ONE_DAY)
        window = next_window(
            passed,
            Window((requested or newest).start, newest.end),
            first_day_known(con, settings.first_day),
            first_changed_since(con, passed),
            built.basis,
        )
        window = _beyond_accepted(con, layer, window, built.basis)
        outcomes = run_gate(con, layer, window, settings)
        record(con, outcomes, window, built.version, run_id)
        waived = is_waived(con, layer, window.as_of, built.version, built.basis)
        opens = passes(outcomes) or waived
        if opens:
            write_mark(con, layer + PASSED, built)
        build_docs(settings, con)
    log.info("%s gate: %s", layer, _verdict(outcomes, waived))
    return GateVerdict(window, outcomes, opens)


def accept_layer(settings: Settings, layer: Layer, day: date, reason: str, who: str) -> None:
    """Opens a gate that has failed, for the rows, code and policies it was judged with."""
    require_warehouse(settings)
    with writing(settings) as con:
        built = read_mark(con, layer)
        if built is None or built.through != day:
            through = built.through if built else "nothing"
            raise StepFailed(
                f"{layer} is built through {through}, not {day}: a gate speaks of all that is "
                f"built, so what can be accepted is `tenure accept {layer} {through}`"
            )
        verdict = recorded_verdict(con, layer, built.through, built.version)
        if verdict is not False or is_building(con, layer):
            raise StepFailed(
                f"the gate of {layer} has not failed for {day}: there is nothing to accept"
            )
        if is_waived(con, layer, built.through, built.version, built.basis):
            raise StepFailed(
                f"{layer} of {day} is accepted already: its gate's page has reason and name"
            )
        waive(con, layer, built.through, built.version, built.basis, reason, who)
        write_mark(con, layer + PASSED, built)
        build_docs(settings, con)


def is_open(con: duckdb.DuckDBPyConnection, layer: str) -> bool:
    """Whether what was built last of a layer is whole and has passed its gate."""
    built = read_mark(con, layer)
    passed = read_mark(con, layer + PASSED)
    return built is not None and passed == built and not is_building(con, layer)


def _beyond_accepted(
    con: duckdb.DuckDBPyConnection, layer: Layer, window: Window, basis: str
) -> Window:
    """The window without days that a person has accepted and that have not changed since."""
    accepted = accepted_through(con, layer, basis)
    if accepted is None or accepted < window.start:
        return window
    return Window(min(accepted + ONE_DAY, window.as_of), window.end)


def _verdict(outcomes: list[CheckOutcome], waived: bool) -> str:
    failed = [f"{o.check} of {o.table}" for o in outcomes if o.blocks]
    warned = [f"{o.check} of {o.table}" for o in outcomes if not o.passed and not o.blocks]
    text = f"{len(outcomes)} checks"
    if warned:
        text += f", {len(warned)} warning(s): {few(warned)}"
    if failed:
        text += f", {len(failed)} FAILED: {few(failed)}" + (" (accepted)" if waived else "")
    return text
